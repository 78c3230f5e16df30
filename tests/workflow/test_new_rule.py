"""A rule is added in the places that CONTRIBUTING.md names, and in no others."""

import sys
from pathlib import Path

import yaml
from workflow_project import Project, jobs, tiny

from frugalseg.params import read_config

TARGET = "results/builtin/statistics/tally.csv"
PLACES = {
    "workflow/rules/statistics.smk": """

rule tally:
    input:
        splits=lambda w: of_runs(paths.SPLIT, w.dataset),
    output:
        f"{paths.RESULTS}/statistics/tally.csv",
    log:
        f"{paths.LOGS}/tally.log",
    benchmark:
        f"{paths.LOGS}/tally.tsv"
    params:
        seeds=STUDY.params.seed_list,
        code=lambda w: rule_params.code("tally", STUDY, w.dataset),
    script:
        "../scripts/tally.py"
""",
    "workflow/scripts/tally.py": '''"""Rule tally: how many splits there are."""

from pathlib import Path

from frugalseg.pipeline import fork_server

fork_server.delegate(__real_file__)

from frugalseg.core.logs import job
from frugalseg.stages import tally

with job(snakemake.log[0]):
    tally.run(list(map(Path, snakemake.input.splits)), Path(snakemake.output[0]))
''',
    "src/frugalseg/stages/tally.py": '''"""Stage `tally`: how many splits there are."""

from pathlib import Path


def run(splits: list[Path], out: Path) -> None:
    """Write their number."""
    out.write_text(f"splits\\n{len(splits)}\\n")
''',
}
STAGE = "from frugalseg.pipeline.rules import stages_of_rules; print(stages_of_rules()['tally'])"


def test_a_rule_is_added_in_three_files(tmp_path: Path) -> None:
    study = Project(tmp_path, own_imports=True)
    study.copy_code()
    params = tmp_path / "params.yaml"
    params.write_text(yaml.safe_dump(tiny(read_config(params).values), sort_keys=False))
    for name, text in PLACES.items():
        with (tmp_path / name).open("a") as file:
            file.write(text)
    study.check(sys.executable, "-m", "frugalseg.pipeline", "run", "--cores", "2", TARGET)
    assert (tmp_path / TARGET).read_text() == "splits\n6\n"
    assert study.check(sys.executable, "-c", STAGE).strip() == "statistics"
    with study.changed("src/frugalseg/stages/tally.py", lambda text: text.replace("splits", "s")):
        done = study.snakemake("-n", TARGET)
    assert jobs(done.stdout + done.stderr) == {"tally": 1}
    assert not jobs(study.snakemake("-n", TARGET).stdout)

"""The files as they ship, in a fresh clone: only the parameters that a test names are replaced."""

import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from shipped import clone_working_tree
from workflow_project import ROOT, Project

from frugalseg.params import load, plan
from frugalseg.params.decisions import seeds_of_arms

PARAMS = load(ROOT / "params.yaml")
COMPLAINTS = re.compile("warning|error|unable|cannot|traceback", re.IGNORECASE)


def quiet(project: Project, *command: str) -> str:
    """Run a command that has to end well and complain of nothing; return its output."""
    done = project.run(*command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not COMPLAINTS.search(done.stderr), done.stderr
    return done.stdout


def dvc(project: Project, *arguments: str) -> str:
    return quiet(project, sys.executable, "-m", "dvc", *arguments)


def test_a_clone_holds_the_folders_that_the_project_is_known_by(shipped: Project) -> None:
    for name in ("workflow", "src", "results", "reports", "profiles/default"):
        assert (shipped.folder / name).is_dir()
    for name in ("results/README.md", "reports/README.md"):
        assert "make reports" in (shipped.folder / name).read_text()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("status", "index:"),
        ("dag", "train@builtin"),
        ("params diff", ""),
        ("metrics show", "full.dice.mean"),
        ("metrics diff", ""),
        ("stage list", "evaluate@builtin"),
        ("repro --dry data@builtin", "stage data builtin"),
        # without --force DVC looks for what a first run has yet to make (treeverse/dvc#9818)
        ("repro --dry --force", "stage index"),
    ],
)
def test_dvc_reads_what_ships(shipped: Project, arguments: str, expected: str) -> None:
    assert expected in dvc(shipped, *arguments.split())


def test_restore_says_that_no_study_was_committed(shipped: Project) -> None:
    done = shipped.run(sys.executable, "-m", "frugalseg.cli", "restore")
    assert done.returncode == 2
    assert "no finished study was committed. Run the study (`dvc repro`)" in done.stderr


def at_hand(folder: Path) -> Iterator[str]:
    """Yield the data sets whose source needs no download by hand, or lies in a folder."""
    for name, entry in PARAMS.datasets.items():
        kind, _, where = entry.source.partition(":")
        if kind != "file" or (folder / where).exists():
            yield name


def test_snakemake_plans_every_data_set_whose_source_is_at_hand(
    shipped: Project, real_data: Path
) -> None:
    names = list(at_hand(real_data))
    assert {"builtin", "kolektorsdd2", "glas", "microct", "cracks", "aluminum"} <= set(names)
    config = f"run=[{','.join(names)}]"
    done = shipped.snakemake(
        "-n", "reports/all", "--quiet", "rules", "--config", config, FRUGALSEG_DATA=str(real_data)
    )
    assert done.returncode == 0, done.stdout + done.stderr
    jobs = dict(re.findall(r"^(\w+) +(\d+)$", done.stdout + done.stderr, re.MULTILINE))
    plans = [plan(PARAMS, name) for name in names]
    trained = sum(
        len(seeds) * len(one.arms[arm].rounds)
        for one in plans
        for arm, seeds in seeds_of_arms(PARAMS, one).items()
    )
    assert int(jobs["train"]) == trained
    assert int(jobs["report"]) == len(names)


def test_snakemake_lint_finds_nothing(shipped: Project) -> None:
    assert "Snakemake has no findings" in quiet(shipped, sys.executable, "scripts/lint_workflow.py")


def test_a_faulty_file_ends_snakemake_with_its_line_and_no_traceback(shipped: Project) -> None:
    models = "models:\n  small: {arch: unet, encoder: resnet18}\n"
    with shipped.changed("params.yaml", lambda text: text.replace("models:\n", models, 1)):
        text = (shipped.folder / "params.yaml").read_text()
        first, second = (text[: at.start()].count("\n") + 1 for at in re.finditer("  small:", text))
        done = shipped.snakemake("-n", "reports/all")
    assert done.returncode == 1
    expected = f"params.yaml, line {second}: models.small is already on line {first}."
    assert expected in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_configuration_files_are_laid_over_the_shipped_one(shipped: Project) -> None:
    (shipped.folder / "more.yaml").write_text("seeds: 1\nstatistics: {alpha: no}\n")
    arguments = ("-n", "reports/all", "--configfile", "more.yaml")
    done = shipped.snakemake(*arguments)
    assert (
        "more.yaml, line 2: YAML 1.1 reads 'no' without quotes as false"
        in done.stdout + done.stderr
    )
    (shipped.folder / "more.yaml").write_text("seeds: 1\n")
    done = shipped.snakemake(*arguments)
    (shipped.folder / "more.yaml").unlink()
    assert done.returncode == 0, done.stderr
    assert set(re.findall(r"seed-(\d)", done.stdout + done.stderr)) == {"0"}


def shortened(text: str) -> str:
    """Return params.yaml with fewer seeds, steps and test images, and nothing else changed."""
    text = re.sub(r"^seeds: .*", "seeds: 2", text, flags=re.MULTILINE)
    text = text.replace("scene: {test: 240}", "scene: {test: 24}")
    return re.sub(r"\b(steps|validate_every|rampup_steps): \d+", r"\1: 2", text)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a clone whose shortened study `dvc repro` has made, and that was committed before."""
    folder = tmp_path_factory.mktemp("finished") / "project"
    folder.mkdir()
    project = clone_working_tree(folder)
    path = folder / "params.yaml"
    path.write_text(shortened(path.read_text()))
    project.check("git", "commit", "-qam", "shortened")
    told = project.dvc("repro")
    assert "WARNING" not in told
    return project


@pytest.mark.timeout(1200)
def test_dvc_repro_makes_the_whole_study(finished: Project) -> None:
    assert "up to date" in dvc(finished, "status")
    assert "up to date" in dvc(finished, "repro", "--dry")
    assert finished.planned() == Counter()
    assert "\nverified: " in "\n" + finished.frugalseg("verify")
    for name in ("index.html", "provenance.html", "builtin/index.html", "builtin/details.html"):
        assert (finished.folder / "reports" / name).is_file()


def test_a_finished_repro_changes_nothing_under_git_but_its_records(finished: Project) -> None:
    told = finished.check("git", "status", "--porcelain", "--untracked-files=all")
    changed = {line[3:] for line in told.splitlines()}
    stages = [f"{stage}@builtin" for stage in ("data", "train", "evaluate", "statistics", "report")]
    records = {f"provenance/{stage}.json" for stage in [*stages, "index"]}
    kept = {"results/builtin/metrics.json", "results/builtin/preregistration.json"}
    assert {"dvc.lock", *records} <= changed
    assert changed - records - {"dvc.lock"} <= kept


def test_one_report_parameter_reruns_the_report_only(finished: Project, tmp_path: Path) -> None:
    copy = Project(tmp_path / "project", own_imports=True)
    shutil.copytree(finished.folder, copy.folder, symlinks=True)
    path = copy.folder / "params.yaml"
    path.write_text(path.read_text().replace("samples: 6,", "samples: 5,"))
    assert set(copy.planned()) == {"plot", "jobs", "report", "index", "reports/all"}
    assert "report.samples" in dvc(copy, "params", "diff")

"""Planning a study of 1,000 jobs and finding nothing to do, against trivial rules of its shape.

The peer's rules have the jobs, wildcards, inputs and outputs of the study and nothing else: no
settings, no digests of code, no logs, no requests, no checks of parameters. Nothing is trained:
outputs are empty files, and `--touch` makes Snakemake take them as made by the jobs.
"""

import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import yaml

from benchmarks.workflow import copy_project, processor
from frugalseg.params import Plan, load, plan, read_config
from frugalseg.provenance.workflow import INSPECTING

SEEDS, ROUNDS = 25, 7
STUDY = "builtin"

TRIVIAL = """
ARMS = {arms}
SEEDS = range({seeds})
STACK = ["stack/images", "stack/masks", "stack/index", "stack/card"]
TABLES = [f"table/{{k}}" for k in range(9)]
ROUND = "train/{{arm}}/{{seed}}/{{round}}"
def runs(name):
    return [
        name.format(arm=arm, seed=seed, round=list(rounds)[-1])
        for arm, rounds in ARMS.items() for seed in SEEDS
    ]
def rounds(*names):
    return [
        f"train/{{arm}}/{{seed}}/{{round}}/{{name}}"
        for name in names
        for arm, rounds in ARMS.items() for seed in SEEDS for round in rounds
    ]
def parent(what, name):
    def before(wildcards):
        found = ARMS[wildcards.arm][int(wildcards.round)][what]
        if found is None:
            return []
        return [f"train/{{found[0]}}/{{wildcards.seed}}/{{found[1]}}/{{name}}"]
    return before
rule all:
    input: "index.html", "report.html", "figures.json", "scores", "metrics", "confusion", TABLES
rule download:
    output: "archive"
    shell: "touch {{output}}"
rule prepare:
    input: "archive"
    output: STACK, "stack/duplicates"
    shell: "touch {{output}}"
rule split:
    input: "stack/index", "stack/duplicates"
    output: "split/{{seed}}/split", "split/{{seed}}/leaks"
    shell: "touch {{output}}"
rule label:
    input:
        "stack/index", "stack/card", "split/{{seed}}/split", parent("parent", "ledger"),
        parent("choosing", "model")
    output: [f"{{ROUND}}/{{name}}" for name in ("ledger", "acquired", "maps")]
    shell: "touch {{output}}"
rule train:
    input: STACK, f"{{ROUND}}/ledger", parent("start", "model")
    output: [f"{{ROUND}}/{{name}}" for name in ("model", "history", "record", "watched")]
    shell: "touch {{output}}"
rule evaluate:
    input:
        STACK, "split/{{seed}}/split",
        lambda w: [
            f"train/{{w.arm}}/{{w.seed}}/{{r}}/{{name}}"
            for name in ("model", "ledger") for r in ARMS[w.arm]
        ]
    output: [f"evaluate/{{{{arm}}}}/{{{{seed}}}}/{{k}}" for k in range(5)]
    shell: "touch {{output}}"
rule score:
    input:
        "stack/index", [runs(f"evaluate/{{{{arm}}}}/{{{{seed}}}}/{{k}}") for k in range(4)],
        runs(f"{{ROUND}}/ledger"), runs("split/{{seed}}/split")
    output: "scores", "metrics", "confusion"
    shell: "touch {{output}}"
rule test:
    input: "scores", runs("evaluate/{{arm}}/{{seed}}/0"), rounds("record")
    output: TABLES
    shell: "touch {{output}}"
rule plot:
    input:
        STACK, "stack/duplicates", "scores", "confusion", TABLES[:3], runs("split/{{seed}}/split"),
        runs("split/{{seed}}/leaks"), runs("evaluate/{{arm}}/{{seed}}/4"),
        runs("evaluate/{{arm}}/{{seed}}/1"),
        rounds("history", "ledger", "acquired", "maps", "record", "watched")
    output: "figures.json"
    shell: "touch {{output}}"
rule jobs:
    input: "figures.json", TABLES
    output: "jobs"
    shell: "touch {{output}}"
rule report:
    input: "figures.json", "jobs", "stack/card", "scores", "confusion", TABLES
    output: "report.html", "summary"
    shell: "touch {{output}}"
rule index:
    input: "summary"
    output: "index.html"
    shell: "touch {{output}}"
"""


def study(folder: Path) -> None:
    """Copy the project with enough seeds."""
    copy_project(folder)
    path = folder / "params.yaml"
    params = read_config(path).values
    path.write_text(yaml.safe_dump(params | {"run": [STUDY], "seeds": SEEDS}, sort_keys=False))


def trivial(folder: Path) -> None:
    """Write the peer: the arms of the study and where each of their rounds starts."""
    params = load(Path("params.yaml"))
    planned = plan(params, STUDY)
    arms = {
        name: {number: parents(planned, name, number) for number in arm.rounds}
        for name, arm in planned.arms.items()
    }
    folder.mkdir(parents=True)
    (folder / "Snakefile").write_text(TRIVIAL.format(arms=arms, seeds=SEEDS))


def parents(planned: Plan, arm: str, number: int) -> dict[str, tuple[str, int] | None]:
    """Return where a round's ledger, the model that chooses and the first weights come from."""
    return {
        "parent": planned.parent(arm, number),
        "choosing": planned.choosing_model(arm, number),
        "start": planned.start_model(arm, number),
    }


def jobs(folder: Path, *target: str) -> int:
    """Return the number of jobs of a dry run."""
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "-n", *target]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    total = re.search(r"^total\s+(\d+)", done.stdout + done.stderr, re.MULTILINE)
    return int(total[1]) if total else 0


def make_up(folder: Path, *target: str) -> None:
    """Create every output, empty, and make Snakemake take them as made by its jobs."""
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "--summary", *target]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    for line in done.stdout.splitlines()[1:]:
        path = folder / line.split("\t")[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    # without INSPECTING, the call would be refused as in a clone without records
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "--touch", *target]
    inspecting = {**os.environ, INSPECTING: "1"}
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=inspecting)


def main() -> None:
    """Print processor seconds of both, planning and with nothing to do, and the median ratios."""
    with tempfile.TemporaryDirectory() as name:
        ours, peer = Path(name) / "study", Path(name) / "trivial"
        study(ours)
        trivial(peer)
        ends: list[tuple[Path, list[str]]] = [(ours, ["reports/all"]), (peer, [])]
        counted = [jobs(folder, *target) for folder, target in ends]
        print(f"jobs                    {counted[0]}, trivial {counted[1]}")
        compare("planning", lambda: [processor(f, "-n", *target)[0] for f, target in ends])
        for folder, target in ends:
            make_up(folder, *target)
        compare("nothing to do", lambda: [processor(f, *target)[0] for f, target in ends])


def compare(what: str, pair: Callable[[], list[float]]) -> None:
    """Print the median seconds of both sides and the median ratio."""
    seconds = [pair() for _ in range(ROUNDS)]
    ours, peer = (statistics.median(column) for column in zip(*seconds, strict=True))
    ratios = sorted(mine / theirs for mine, theirs in seconds)
    print(
        f"{what:22}  {ours:5.1f} s, trivial {peer:5.1f} s, ratio {statistics.median(ratios):.2f} "
        f"(from {ratios[0]:.2f} to {ratios[-1]:.2f}, {ROUNDS} pairs, {os.cpu_count()} cores)"
    )

"""Planning a study of 1,000 jobs and finding nothing to do, against trivial rules of its shape.

The peer's rules have the jobs, wildcards and inputs of the study and nothing else: no settings, no
digests of code, no checks of parameters. Nothing is trained: outputs are made up and `--touch`
tells Snakemake that they are the jobs'.
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

from benchmarks.workflow import copy_project, timed
from frugalseg.params import load, plan
from frugalseg.pipeline.workflow import SETTLING

SEEDS, ROUNDS = 25, 3
STUDY = "builtin"

TRIVIAL = """
ARMS = {arms}
SEEDS = range({seeds})
RUNS = [(arm, seed) for arm in ARMS for seed in SEEDS]
rule all:
    input: "report.html"
rule prepare:
    output: "stack"
    shell: "touch {{output}}"
rule split:
    input: "stack"
    output: "split/{{seed}}"
    shell: "touch {{output}}"
def before(wildcards):
    parent = ARMS[wildcards.arm][int(wildcards.round)]["parent"]
    return [] if parent is None else [f"train/{{parent[0]}}/{{wildcards.seed}}/{{parent[1]}}/m"]
rule label:
    input: "stack", "split/{{seed}}", before
    output: "train/{{arm}}/{{seed}}/{{round}}/l"
    shell: "touch {{output}}"
rule train:
    input: "stack", "train/{{arm}}/{{seed}}/{{round}}/l", before
    output: "train/{{arm}}/{{seed}}/{{round}}/m"
    shell: "touch {{output}}"
rule evaluate:
    input: "stack", lambda w: [f"train/{{w.arm}}/{{w.seed}}/{{r}}/m" for r in ARMS[w.arm]]
    output: "evaluate/{{arm}}/{{seed}}"
    shell: "touch {{output}}"
rule report:
    input: [f"evaluate/{{arm}}/{{seed}}" for arm, seed in RUNS]
    output: "report.html"
    shell: "touch {{output}}"
"""


def study(folder: Path) -> None:
    """Lay out the project with enough seeds."""
    copy_project(folder)
    path = folder / "params.yaml"
    params = yaml.safe_load(path.read_text())
    path.write_text(yaml.safe_dump(params | {"run": [STUDY], "seeds": SEEDS}, sort_keys=False))


def trivial(folder: Path) -> None:
    """Lay out the peer: the arms of the study and where each of their rounds starts."""
    params = load(Path("params.yaml"))
    found = plan(params, STUDY)
    arms = {
        name: {number: {"parent": found.parent(name, number)} for number in arm.rounds}
        for name, arm in found.arms.items()
    }
    folder.mkdir(parents=True)
    (folder / "Snakefile").write_text(TRIVIAL.format(arms=arms, seeds=SEEDS))


def jobs(folder: Path, *target: str) -> int:
    """Return how many jobs a dry run finds."""
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "-n", *target]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    found = re.search(r"^total\s+(\d+)", done.stdout + done.stderr, re.MULTILINE)
    return int(found[1]) if found else 0


def make_up(folder: Path, *target: str) -> None:
    """Make every output, empty, and have Snakemake take them for what its jobs made."""
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "--summary", *target]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    for line in done.stdout.splitlines()[1:]:
        path = folder / line.split("\t")[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    # to the gate this looks like a clone whose records were not restored
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "--touch", *target]
    settling = {**os.environ, SETTLING: "1"}
    subprocess.run(command, cwd=folder, check=True, capture_output=True, env=settling)


def main() -> None:
    """Print seconds of both, planning and with nothing to do, and the median ratios."""
    with tempfile.TemporaryDirectory() as name:
        ours, peer = Path(name) / "study", Path(name) / "trivial"
        study(ours)
        trivial(peer)
        ends: list[tuple[Path, list[str]]] = [(ours, ["reports/all"]), (peer, [])]
        counted = [jobs(folder, *target) for folder, target in ends]
        print(f"jobs                    {counted[0]}, trivial {counted[1]}")
        compare("planning", lambda: [timed(folder, "-n", *target) for folder, target in ends])
        for folder, target in ends:
            make_up(folder, *target)
        compare("nothing to do", lambda: [timed(folder, *target) for folder, target in ends])


def compare(what: str, pair: Callable[[], list[float]]) -> None:
    """Print the median seconds of both sides and the median ratio."""
    seconds = [pair() for _ in range(ROUNDS)]
    ours, peer = (statistics.median(column) for column in zip(*seconds, strict=True))
    ratios = sorted(mine / theirs for mine, theirs in seconds)
    print(
        f"{what:22}  {ours:5.1f} s, trivial {peer:5.1f} s, ratio {statistics.median(ratios):.2f} "
        f"(from {ratios[0]:.2f} to {ratios[-1]:.2f}, {ROUNDS} pairs, {os.cpu_count()} cores)"
    )

"""Calling Snakemake: what its workflow would make, and making it."""

import csv
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from frugalseg.core import lifeline, paths
from frugalseg.core.errors import FrugalsegError

INSPECTING = "FRUGALSEG_INSPECTING"
"""Environment variable: the call only asks for names, before records are in place."""

GRACE = 3.0
"""Seconds that Snakemake and its jobs have to end by themselves after an interrupt."""

NOTHING = "Nothing to be done"
KILLED = 128 + signal.SIGKILL


def refuse_unquotable(python: str) -> None:
    """Stop where the path of Python needs quotes: Snakemake hands it to a shell without any.

    Raises:
        FrugalsegError: the path has a space, a quote or another sign that a shell acts on.
    """
    if re.search(r"[\s'\"\\$`&;|<>(){}*?\[\]]", python):
        raise FrugalsegError(
            f"Snakemake cannot run Python from {python}: its path must not have spaces, quotes, "
            "brackets or other signs that a shell acts on. Move the environment, or make a new one "
            "in a folder without them."
        )


def environment() -> dict[str, str]:
    """Return the environment of a call: the library that lies here comes before an installed one.

    `dvc exp run --temp` and a clone without an environment of its own would otherwise run the code
    of another folder.
    """
    source, before = Path("src").resolve(), os.environ.get("PYTHONPATH")
    if not (source / "frugalseg").is_dir():
        return dict(os.environ)
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [str(source), before]))}


def call(*arguments: str) -> list[str]:
    """Return the command of a call of Snakemake."""
    return [sys.executable, "-m", "snakemake", *arguments]


def outputs(targets: Sequence[str], config: Sequence[str]) -> dict[str, str]:
    """Return every output of the workflow that leads to the targets, and the rule that makes it.

    Raises:
        FrugalsegError: the workflow cannot be read; the message is Snakemake's.
    """
    done = _asked("--summary", "--cores", "1", *targets, *config)
    rows = csv.DictReader(done.stdout.splitlines(), delimiter="\t")
    return {row["output_file"]: row["rule"] for row in rows}


def waiting(targets: Sequence[str], config: Sequence[str]) -> str:
    """Return what a dry run says that there is to do; "" if it is nothing."""
    done = _asked("--dry-run", "--quiet", "rules", "--cores", "1", *targets, *config)
    text = done.stdout + done.stderr
    table = re.search(r"^job +count\n(.+\n)+", text, re.MULTILINE)
    return "" if NOTHING in text else (table[0] if table else text).strip()


def report(path: Path, config: Sequence[str]) -> None:
    """Write Snakemake's report of the jobs behind all reports to `path`, an HTML file."""
    _asked("--report", str(path), "--cores", "1", paths.ALL_REPORTS, *config)


def is_dry(options: Sequence[str]) -> bool:
    """Say whether options of Snakemake ask what there is to do, and no more."""
    return not {"-n", "--dry-run", "--dryrun"}.isdisjoint(options)


def run(targets: Sequence[str], config: Sequence[str], options: Sequence[str]) -> int:
    """Make the targets; return Snakemake's exit status.

    SIGTERM is handed on to Snakemake, which lets its jobs end. SIGINT stops the jobs, whether it
    comes from a terminal or to this process alone. Either way Snakemake removes its lock, which is
    waited for.
    """
    with subprocess.Popen(call(*options, *targets, *config), env=environment()) as child:
        previous = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        status = _wait(child)
        signal.signal(signal.SIGTERM, previous)
        return status


def _wait(child: "subprocess.Popen[bytes]") -> int:
    """Return the exit status of Snakemake, which is interrupted with its jobs on SIGINT.

    A terminal sends SIGINT to all of them, and a second one would disturb their cleaning up. So it
    is handed on after `GRACE` seconds, to what is still there, once.
    """
    timeout: float | None = None
    interrupted: set[psutil.Process] = set()
    while True:
        try:
            with suppress(subprocess.TimeoutExpired):
                return child.wait(timeout)
            interrupted |= _interrupt(psutil.Process(child.pid), interrupted)
        except KeyboardInterrupt:
            timeout, interrupted = GRACE, set()


def _interrupt(process: psutil.Process, but: set[psutil.Process]) -> set[psutil.Process]:
    """Send SIGINT to a process and all that it started, but some; return them.

    Snakemake alone would wait for its jobs instead of ending them.
    """
    found = {process, *process.children(recursive=True)} - but
    for one in found:
        with suppress(psutil.NoSuchProcess):
            one.send_signal(signal.SIGINT)
    return found


def end_with_dvc() -> None:
    """End this process and Snakemake, from now on, when DVC is killed, for which they run."""
    for process in _dvc():
        lifeline.watch(process, _end)


def _end() -> None:
    for child in psutil.Process().children():
        child.kill()  # and its jobs with it; SIGINT would wait for them
    os._exit(KILLED)


def _dvc() -> list[psutil.Process]:
    """Return the process of DVC that started this one for a stage, if one did."""
    if "DVC_STAGE" not in os.environ:
        return []
    parents = psutil.Process().parents()
    return [p for p in parents if "dvc" in {Path(part).name for part in p.cmdline()[:3]}][:1]


def _asked(*arguments: str) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        call(*arguments),
        env=environment() | {INSPECTING: "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise FrugalsegError(f"Snakemake cannot read the workflow:\n{done.stderr.strip()}")
    return done

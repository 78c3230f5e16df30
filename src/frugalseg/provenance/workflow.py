"""Calls of Snakemake: what the workflow makes, and making it."""

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
"""Environment variable: the call only reads the workflow, before records are reconciled."""

GRACE = 3.0
"""Seconds that Snakemake and its jobs have to end after an interrupt before it is repeated."""

NOTHING_TO_DO = "Nothing to be done"
KILLED = 128 + signal.SIGKILL


def refuse_unquotable(python: str) -> None:
    """Stop if the path of Python needs quotes: Snakemake passes it to a shell without any.

    Raises:
        FrugalsegError: the path has a space, a quote or another special character of a shell.
    """
    if re.search(r"[\s'\"\\$`&;|<>(){}*?\[\]]", python):
        raise FrugalsegError(
            f"Snakemake cannot run Python from {python}: its path must not have spaces, quotes, "
            "brackets or other special characters of a shell. Move the environment, or make a new "
            "one in a folder without them."
        )


def environment() -> dict[str, str]:
    """Return the environment of a call, in which the library in `src` precedes an installed one.

    `dvc exp run --temp`, and a clone without its own environment, would otherwise run the code of
    another folder.
    """
    source, others = Path("src").resolve(), os.environ.get("PYTHONPATH")
    if not (source / "frugalseg").is_dir():
        return dict(os.environ)
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [str(source), others]))}


def command(*arguments: str) -> list[str]:
    """Return the command line of a call of Snakemake."""
    return [sys.executable, "-m", "frugalseg.provenance.unthrottled_snakemake", *arguments]


def outputs(targets: Sequence[str], config: Sequence[str]) -> dict[str, str]:
    """Return every output of the workflow that leads to the targets, and the rule that makes it.

    Raises:
        FrugalsegError: Snakemake cannot read the workflow; the message is its own.
    """
    done = _inspect("--summary", *targets, *config)
    rows = csv.DictReader(done.stdout.splitlines(), delimiter="\t")
    return {row["output_file"]: row["rule"] for row in rows}


def waiting(targets: Sequence[str], config: Sequence[str]) -> str:
    """Return the jobs that a dry run lists; "" if there is nothing to do."""
    # --quiet takes several values: an option has to follow it
    done = _inspect("--quiet", "rules", "--dry-run", *targets, *config)
    text = done.stdout + done.stderr
    table = re.search(r"^job +count\n(.+\n)+", text, re.MULTILINE)
    return "" if NOTHING_TO_DO in text else (table[0] if table else text).strip()


def report(path: Path, config: Sequence[str]) -> None:
    """Write Snakemake's report of the jobs behind all reports to `path`, an HTML file."""
    _inspect("--report", str(path), paths.ALL_REPORTS, *config)


def is_dry(options: Sequence[str]) -> bool:
    """Return whether options of Snakemake ask for a dry run."""
    return not {"-n", "--dry-run", "--dryrun"}.isdisjoint(options)


def run(targets: Sequence[str], config: Sequence[str], options: Sequence[str]) -> int:
    """Make the targets; return Snakemake's exit status.

    SIGTERM is passed on to Snakemake, which lets its jobs end. SIGINT stops the jobs, whether a
    terminal sends it to all processes or somebody to this one alone. Both wait until Snakemake has
    removed its lock.
    """
    with subprocess.Popen(command(*options, *targets, *config), env=environment()) as child:
        previous = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        status = _wait(child)
        signal.signal(signal.SIGTERM, previous)
        return status


def _wait(child: "subprocess.Popen[bytes]") -> int:
    """Return Snakemake's exit status; after a SIGINT, interrupt it and its jobs.

    A terminal sends SIGINT to all of them, and a second one would disturb their cleaning up. So it
    is repeated only after `GRACE` seconds, once for every process that is left. Snakemake alone
    would wait for its jobs.
    """
    timeout: float | None = None
    interrupted: set[psutil.Process] = set()
    while True:
        try:
            with suppress(subprocess.TimeoutExpired):
                return child.wait(timeout)
            process = psutil.Process(child.pid)
            for one in {process, *process.children(recursive=True)} - interrupted:
                interrupted.add(one)
                with suppress(psutil.NoSuchProcess):
                    one.send_signal(signal.SIGINT)
        except KeyboardInterrupt:
            timeout, interrupted = GRACE, set()


def end_with_dvc() -> None:
    """End this process and Snakemake when the DVC process that started this one is killed."""
    if "DVC_STAGE" in os.environ:
        for process in psutil.Process().parents():
            if "dvc" in {Path(part).name for part in process.cmdline()[:3]}:
                lifeline.watch(process, _end)
                return


def _end() -> None:
    for child in psutil.Process().children():
        child.kill()  # and its jobs with it; SIGINT would wait for them
    os._exit(KILLED)


def _inspect(*arguments: str) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        command(*arguments, "--cores", "1"),
        env=environment() | {INSPECTING: "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise FrugalsegError(f"Snakemake cannot read the workflow:\n{done.stderr.strip()}")
    return done

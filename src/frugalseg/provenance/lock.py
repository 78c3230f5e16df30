"""Locks of killed runs: taken over if no run is active, and explained otherwise.

Snakemake's lock files do not name their process, and a killed run leaves them. So every run also
holds a lock of the operating system, which ends with its process: it tells the next run whether the
files are still in use.
"""

import fcntl
import shutil
import time
from pathlib import Path
from typing import TextIO

import psutil

from frugalseg.core.errors import FrugalsegError

LOCKS = Path(".snakemake/locks")
ALIVE = Path(".snakemake/frugalseg.alive")
TAKEN_OVER = (
    "The run before this one was killed and left its lock, which is taken over. This run goes on "
    "where that one stopped."
)

_held: list[TextIO] = []  # open until this process ends, and locked for as long


def refuse() -> None:
    """Stop before anything is changed in a folder where another run is active.

    Raises:
        FrugalsegError: there is one; the message names its process.
    """
    if _is_locked():
        with ALIVE.open("w", encoding="utf-8") as file:
            if _is_free(file) is False:
                raise FrugalsegError(_explain())


def acquire() -> str:
    """Mark this run as active, and remove the lock of a killed run; return a message or "".

    Nothing is done on a file system without locks.
    """
    ALIVE.parent.mkdir(exist_ok=True)
    file = ALIVE.open("w", encoding="utf-8")
    is_locked, is_free = _is_locked(), _is_free(file)
    if is_free is None:
        file.close()
        return ""
    if is_free and is_locked:
        shutil.rmtree(LOCKS)
    _held.append(file)
    fcntl.flock(file, fcntl.LOCK_SH)
    if not is_locked:
        return ""
    return TAKEN_OVER if is_free else _explain()


def _is_locked() -> bool:
    return any(LOCKS.glob("*.lock"))


def _is_free(file: TextIO) -> bool | None:
    """Return whether no other process holds a lock on a file; None if there are no locks here."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _explain() -> str:
    runs = ", ".join(_other_runs()) or "of another machine"
    return (
        f"Another run is at work in this folder ({runs}). If Snakemake says below that it cannot "
        "lock the folder, wait until that run ends, or stop it with Ctrl-C or `kill`. Do not "
        "--unlock."
    )


def _other_runs() -> list[str]:
    """Return the other Snakemake processes in this folder, with their start times."""
    own = {process.pid for process in (psutil.Process(), *psutil.Process().parents())}
    runs = []
    for process in psutil.process_iter(["cmdline", "create_time", "cwd"]):
        command = process.info["cmdline"] or []
        is_snakemake = any("snakemake" in part for part in command[:3])
        if is_snakemake and process.pid not in own and process.info["cwd"] == str(Path.cwd()):
            begun = time.strftime("%H:%M", time.localtime(process.info["create_time"]))
            runs.append(f"process {process.pid}, since {begun}")
    return runs

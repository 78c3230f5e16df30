"""Locks of runs that were killed: taken over when nobody is left, explained when somebody is.

Snakemake keeps its lock in files that do not say whose they are, and a killed run leaves them. So
every run also holds a lock of the operating system, which ends with its process, and which tells
the next one whether the files are anybody's.
"""

import fcntl
import shutil
import time
from pathlib import Path
from typing import TextIO

import psutil

from frugalseg.core.errors import FrugalsegError

FOLDER = Path(".snakemake")
TAKEN_OVER = (
    "The run before this one was killed and left its lock: taken over. It goes on where that one "
    "stopped."
)

ALIVE = "frugalseg.alive"

_held: list[TextIO] = []  # open until this process ends: that is what the lock means


def refuse(folder: Path = FOLDER) -> None:
    """Stop before anything is touched in a folder where another run is at work.

    Raises:
        FrugalsegError: there is one; it is named.
    """
    if not _is_locked(folder):
        return
    with (folder / ALIVE).open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FrugalsegError(_explain()) from None
        except OSError:
            return


def enter(folder: Path = FOLDER) -> str:
    """Take away the lock of a run that was killed; return what the user has to know, or "".

    Nothing is done on a file system that cannot tell whether another process is there.
    """
    folder.mkdir(exist_ok=True)
    file = (folder / ALIVE).open("w", encoding="utf-8")
    locked = _is_locked(folder)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        alone = True
    except BlockingIOError:
        alone = False
    except OSError:
        file.close()
        return ""
    if alone and locked:
        shutil.rmtree(folder / "locks")
    _held.append(file)
    fcntl.flock(file, fcntl.LOCK_SH)
    if not locked:
        return ""
    return f"\n{TAKEN_OVER if alone else _explain()}\n\n"


def _is_locked(folder: Path) -> bool:
    return any((folder / "locks").glob("*.lock"))


def _explain() -> str:
    others = ", ".join(_others()) or "of another machine"
    return (
        f"Another run is at work in this folder ({others}). If Snakemake says below that the "
        "folder cannot be locked, it is for that one: wait until it ends, or stop it by Ctrl-C or "
        "`kill`. Do not --unlock."
    )


def _others() -> list[str]:
    """Return the other processes of Snakemake in this folder, with their times."""
    here, own, found = str(Path.cwd()), psutil.Process(), []
    mine = {own.pid, *(process.pid for process in own.parents())}
    for process in psutil.process_iter(["pid", "cmdline", "create_time"]):
        command = process.info["cmdline"] or []
        if process.pid in mine or not any("snakemake" in part for part in command[:3]):
            continue
        try:
            if process.cwd() == here:
                begun = time.strftime("%H:%M", time.localtime(process.info["create_time"]))
                found.append(f"process {process.pid}, since {begun}")
        except psutil.Error:
            continue
    return found

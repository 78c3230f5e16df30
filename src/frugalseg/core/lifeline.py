"""Processes that end with the run that they work for, however it ends.

A killed process cannot stop its jobs: they would go on writing beside those of the next run.
"""

import os
import platform
import signal
import threading
import time
from collections.abc import Callable

import psutil

OWNER = "FRUGALSEG_OWNER"
"""Environment variable: node and number of the process that a job works for."""

POLL = 0.5
"""Seconds between two checks of a watched process."""


def claim_jobs() -> None:
    """Make the jobs that this process starts end with it, if they call `exit_with_owner`."""
    os.environ[OWNER] = f"{platform.node()}:{os.getpid()}"


def exit_with_owner() -> None:
    """Kill this process when the run that owns it ends, or now if it has ended already.

    A job on a cluster does not descend from its owner: the cluster's daemon ends it.
    """
    node, _, number = os.environ.get(OWNER, "").rpartition(":")
    if node != platform.node() or not number:
        return
    owner = next((p for p in psutil.Process().parents() if str(p.pid) == number), None)
    if owner is not None:
        watch(owner, _kill_self)
    elif not psutil.pid_exists(int(number)):
        _kill_self()


def exit_with_parent() -> None:
    """Kill this process when the one that started it ends."""
    watch(psutil.Process(os.getppid()), _kill_self)


def _kill_self() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def watch(process: psutil.Process, then: Callable[[], None]) -> None:
    """Call `then`, in a thread, once a process has ended."""

    def wait() -> None:
        while is_alive(process):
            time.sleep(POLL)
        then()

    threading.Thread(target=wait, daemon=True).start()


def is_alive(process: psutil.Process) -> bool:
    """Return whether a process runs; a zombie does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False

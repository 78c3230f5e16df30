"""Processes that end with the one that they work for, however that ends.

Whoever is killed cannot stop its jobs: they would go on writing beside those of the next run.
"""

import os
import platform
import signal
import threading
import time
from collections.abc import Callable

import psutil

OWNER = "FRUGALSEG_OWNER"
"""Environment variable: the process that a job works for."""

SECONDS = 0.5
"""How often it is looked for."""


def announce() -> None:
    """Let the jobs that this process starts end with it, if they `follow`."""
    os.environ[OWNER] = f"{platform.node()}:{os.getpid()}"


def follow() -> None:
    """End this process when its owner ends, or at once if it has ended already.

    A job that a cluster's daemon started does not descend from its owner: that daemon ends it.
    """
    node, _, number = os.environ.get(OWNER, "").rpartition(":")
    if node != platform.node() or not number:
        return
    owner = next((p for p in psutil.Process().parents() if str(p.pid) == number), None)
    if owner is not None:
        watch(owner, _end)
    elif not psutil.pid_exists(int(number)):
        _end()


def end_with_parent() -> None:
    """End this process when the one that started it ends."""
    watch(psutil.Process(os.getppid()), _end)


def _end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def watch(process: psutil.Process, then: Callable[[], None]) -> None:
    """Call `then`, in a thread, once a process has ended."""

    def wait() -> None:
        while is_alive(process):
            time.sleep(SECONDS)
        then()

    threading.Thread(target=wait, daemon=True).start()


def is_alive(process: psutil.Process) -> bool:
    """Say whether a process runs: not ended, and not ended with nobody having asked."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False

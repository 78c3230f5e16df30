import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from frugalseg.core import lifeline

JOB = """
import os, pathlib, time
from frugalseg.core import lifeline
lifeline.exit_with_owner()
pathlib.Path("job").write_text(str(os.getpid()))
time.sleep(60)
"""
RUN = """
import subprocess, sys
from frugalseg.core import lifeline
if sys.argv[2] == "announced":
    lifeline.claim_jobs()
subprocess.run(["bash", "-c", 'set -e; "$0" "$1"', sys.executable, sys.argv[1]])
"""


def gone(process: psutil.Process, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while lifeline.is_alive(process) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not lifeline.is_alive(process)


@pytest.mark.parametrize("announced", [True, False])
def test_a_job_ends_with_the_run_that_was_killed(tmp_path: Path, announced: bool) -> None:
    """There is a shell between them, as with Snakemake, which outlives the run."""
    for name, text in (("job.py", JOB), ("run.py", RUN)):
        (tmp_path / name).write_text(text)
    command = [sys.executable, "run.py", "job.py", "announced" if announced else "not"]
    number = tmp_path / "job"
    with subprocess.Popen(command, cwd=tmp_path) as run:
        while not (number.exists() and number.read_text()):
            time.sleep(0.05)
        job = psutil.Process(int(number.read_text()))
        run.kill()
    if announced:
        assert gone(job, 20)
    else:
        assert not gone(job, 4 * lifeline.POLL)
        job.kill()


PARENT = """
import os, pathlib, time
from frugalseg.core import lifeline
if os.fork() == 0:
    lifeline.exit_with_parent()
    pathlib.Path("job").write_text(str(os.getpid()))
time.sleep(60)
"""


def test_a_process_ends_with_the_one_that_started_it(tmp_path: Path) -> None:
    number = tmp_path / "job"
    with subprocess.Popen([sys.executable, "-c", PARENT], cwd=tmp_path) as parent:
        while not (number.exists() and number.read_text()):
            time.sleep(0.05)
        child = psutil.Process(int(number.read_text()))
        parent.kill()
    assert gone(child, 20)


def test_a_job_of_nobody_here_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    monkeypatch.setattr(lifeline, "watch", lambda *given: started.append(given[0].pid))
    here, parent = platform.node(), os.getppid()
    for owner, expected in (("", []), (f"other:{parent}", []), (f"{here}:{parent}", [parent])):
        monkeypatch.setenv(lifeline.OWNER, owner)
        started.clear()
        lifeline.exit_with_owner()
        assert started == expected


def test_a_job_whose_run_ended_before_it_began_ends_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended: list[bool] = []
    monkeypatch.setattr(lifeline, "_kill_self", lambda: ended.append(True))
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass
    monkeypatch.setenv(lifeline.OWNER, f"{platform.node()}:{gone.pid}")
    lifeline.exit_with_owner()
    assert ended == [True]


def test_a_process_that_ended_unasked_is_not_alive() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        known = psutil.Process(process.pid)
        assert gone(known, 20)
    assert not lifeline.is_alive(known)

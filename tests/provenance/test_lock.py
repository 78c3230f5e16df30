import subprocess
import sys
import time
from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.provenance import lock

HOLD = """
import pathlib, time
from frugalseg.provenance import lock
lock.acquire()
pathlib.Path("snakemake.holds").touch()
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lock, "_held", [])


def leave_a_lock() -> Path:
    file = Path(".snakemake/locks/0.output.lock")
    file.parent.mkdir(parents=True)
    file.write_text("results/a\n")
    return file


def test_without_a_lock_there_is_nothing_to_say() -> None:
    assert lock.acquire() == ""


def test_the_lock_of_a_killed_run_is_taken_over() -> None:
    file = leave_a_lock()
    assert lock.TAKEN_OVER in lock.acquire()
    assert not file.exists()


def test_the_lock_of_a_run_at_work_is_left_and_explained() -> None:
    Path("snakemake.py").write_text(HOLD)
    with subprocess.Popen([sys.executable, "snakemake.py"]) as other:
        while not Path("snakemake.holds").exists():
            time.sleep(0.05)
        file = leave_a_lock()
        said = lock.acquire()
        assert f"Another run is at work in this folder (process {other.pid}, since " in said
        assert "Do not --unlock" in said
        with pytest.raises(FrugalsegError, match=f"process {other.pid}"):
            lock.refuse()
        assert file.exists()
        other.kill()
    lock._held.clear()
    lock.refuse()
    assert lock.TAKEN_OVER in lock.acquire()


def test_runs_side_by_side_may_both_be_at_work() -> None:
    assert lock.acquire() == ""
    assert lock.acquire() == "", "Snakemake itself lets runs of other files go on"


def test_where_the_system_has_no_locks_nothing_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", refuse)
    file = leave_a_lock()
    assert lock.acquire() == ""
    lock.refuse()
    assert file.exists()

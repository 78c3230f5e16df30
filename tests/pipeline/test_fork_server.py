"""Fork servers are started by a process of their own: they serve its descendants alone."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from frugalseg.pipeline import fork_server
from frugalseg.pipeline.rules import stages_of_rules

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="fork servers are for Linux")

SERVER = """
import sys, pathlib
from frugalseg.pipeline import fork_server
fork_server._preload = lambda: None
fork_server.serve(pathlib.Path(sys.argv[1]))
"""
DELEGATE = """
import os, sys, time
from frugalseg.pipeline import fork_server
fork_server.delegate(sys.argv[0])
"""


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "did not happen within 20 s"
        time.sleep(0.02)


@contextmanager
def starting(
    folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, *arguments: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """Let this process start a server, which is `text` with a socket's path and `arguments`."""
    path = folder / "server" / "socket"
    path.parent.mkdir()
    command = [sys.executable, "-c", text, str(path), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        monkeypatch.setenv(fork_server.ADDRESS, f"{os.getpid()}:{process.pid}:{path}")
        yield process
        assert process.stdin is not None
        process.stdin.close()
        process.wait(20)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["subprocess.Popen[bytes]"]:
    """A server without anything loaded, started by this process."""
    with starting(tmp_path, monkeypatch, SERVER) as process:
        wait_for((tmp_path / "server" / "socket").exists)
        yield process


def script(folder: Path, text: str) -> list[str]:
    file = folder / "job.py"
    file.write_text(DELEGATE + textwrap.dedent(text))
    return [sys.executable, str(file)]


def run(folder: Path, text: str) -> "subprocess.CompletedProcess[str]":
    command = script(folder, text)
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


WHO = "print(os.getppid(), os.getcwd(), os.environ['COLOR'], sys.argv[0], __name__)"


def test_a_script_runs_in_a_fork_of_the_server(
    tmp_path: Path, server: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLOR", "green")
    done = run(tmp_path, WHO)
    assert done.returncode == 0
    assert done.stdout.split() == [
        str(server.pid),
        str(tmp_path),
        "green",
        str(tmp_path / "job.py"),
        "__main__",
    ]


@pytest.mark.parametrize(
    ("ending", "status", "message"),
    [
        ("sys.exit(3)", 3, ""),
        ("sys.exit()", 0, ""),
        ("sys.exit('no such file')", 1, "no such file"),
        ("raise ValueError('too small')", 1, "ValueError: too small"),
        ("os.kill(os.getpid(), 9)", 137, ""),
    ],
)
def test_the_exit_status_and_message_are_the_scripts(
    tmp_path: Path, server: "subprocess.Popen[bytes]", ending: str, status: int, message: str
) -> None:
    done = run(tmp_path, ending)
    assert done.returncode == status
    assert message in done.stderr
    assert server.poll() is None


def test_one_job_leaves_nothing_to_the_next(
    tmp_path: Path, server: "subprocess.Popen[bytes]"
) -> None:
    assert run(tmp_path, "os.environ['LEFT'] = 'x'; sys.modules['left'] = sys").returncode == 0
    assert run(tmp_path, "assert 'LEFT' not in os.environ and 'left' not in sys.modules")
    assert server.poll() is None


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_script_takes_its_fork_with_it(
    tmp_path: Path, server: "subprocess.Popen[bytes]", number: signal.Signals
) -> None:
    with subprocess.Popen(script(tmp_path, "time.sleep(60)")) as process:
        wait_for(lambda: bool(psutil.Process(server.pid).children()))
        fork = psutil.Process(server.pid).children()[0]
        process.send_signal(number)
    wait_for(lambda: not fork.is_running())
    assert server.poll() is None


def test_the_server_ends_with_its_starter_and_leaves_no_folder(
    tmp_path: Path, server: "subprocess.Popen[bytes]"
) -> None:
    assert server.stdin is not None
    server.stdin.close()
    assert server.wait(20) == 0
    assert not (tmp_path / "server").exists()


def test_a_script_that_the_starter_did_not_start_stays_by_itself(
    tmp_path: Path, server: "subprocess.Popen[bytes]", monkeypatch: pytest.MonkeyPatch
) -> None:
    _, served_by, path = os.environ[fork_server.ADDRESS].split(":", 2)
    monkeypatch.setenv(fork_server.ADDRESS, f"{server.pid}:{served_by}:{path}")
    monkeypatch.setenv("COLOR", "red")
    assert run(tmp_path, WHO).stdout.split()[0] == str(os.getpid())


def test_without_a_server_a_script_runs_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLOR", "red")
    for address in ("", f"{os.getpid()}:{os.getpid()}:{tmp_path}/nobody"):
        monkeypatch.setenv(fork_server.ADDRESS, address)
        assert run(tmp_path, WHO).stdout.split()[0] == str(os.getpid())


@pytest.mark.parametrize("served", [True, False])
def test_a_heavy_script_waits_until_the_server_listens_or_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, served: bool
) -> None:
    go = tmp_path / "go"
    importing = "import os, sys, time\nwhile not os.path.exists(sys.argv[2]): time.sleep(0.01)\n"
    ending = SERVER if served else "sys.exit(1)"
    job = tmp_path / "random.train.py"  # as Snakemake names it
    job.write_text(DELEGATE + "print(os.getppid())")
    with (
        starting(tmp_path, monkeypatch, importing + ending, str(go)) as server,
        subprocess.Popen([sys.executable, str(job)], stdout=subprocess.PIPE) as script,
    ):
        with pytest.raises(subprocess.TimeoutExpired):
            script.wait(2)  # long enough to be told from one that goes on by itself
        go.touch()
        parent = int(script.communicate(timeout=20)[0])
    assert parent == (server.pid if served else os.getpid())


def test_few_jobs_start_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(fork_server.ADDRESS, raising=False)
    fork_server.start(["train"] * (fork_server.MIN_HEAVY_JOBS - 1) + ["split"] * 9)
    assert fork_server.ADDRESS not in os.environ


def test_a_run_within_a_run_shares_its_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(fork_server.ADDRESS, "1:2:socket")
    fork_server.start(["train"] * fork_server.MIN_HEAVY_JOBS)
    assert os.environ[fork_server.ADDRESS] == "1:2:socket"


def test_the_real_server_serves_with_the_libraries_loaded(tmp_path: Path) -> None:
    """A starter as Snakemake's process is one: it starts the server, runs a script and ends."""
    job = tmp_path / "job.py"
    job.write_text(
        DELEGATE + "print(os.getppid(), {'torch._dynamo', 'matplotlib'} <= {*sys.modules})\n"
        "import gc; print(gc.isenabled(), gc.get_freeze_count())"
    )
    starter = tmp_path / "starter.py"
    starter.write_text(
        textwrap.dedent(f"""
        import os, subprocess, sys, time
        from pathlib import Path
        from frugalseg.pipeline import fork_server
        fork_server.start(["train"] * 4)
        path = Path(os.environ[fork_server.ADDRESS].split(":", 2)[2])
        while not path.exists():
            time.sleep(0.1)
        print(path.parent)
        sys.stdout.flush()
        sys.exit(subprocess.run([sys.executable, {str(job)!r}]).returncode)
        """)
    )
    command = [sys.executable, str(starter)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    folder, parent, loaded, collects, frozen = done.stdout.split()
    assert parent != str(os.getpid())
    assert loaded == collects == "True"
    assert int(frozen) > 100_000  # objects of the libraries, which a collection would visit
    wait_for(lambda: not Path(folder).exists())


def test_heavy_rules_are_rules() -> None:
    assert set(stages_of_rules()) >= fork_server.HEAVY

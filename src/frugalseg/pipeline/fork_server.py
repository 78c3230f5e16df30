"""A warm host: a process that has imported the heavy libraries and forks itself for every job.

Importing torch and segmentation-models-pytorch takes as long as training a small model for fifty
steps. So Snakemake's main process starts one host for a run (`start`), which imports them once; a
job's script hands itself over to a fork of it (`delegate`) and ends with its exit status. Without a
host (a cluster, macOS) the script goes on in its own process, with the same result; and so does one
that is not of a HEAVY rule, while the host still imports.

The host has one thread and computes nothing, so that its forks begin as a fresh process would. A
script that is killed takes its fork with it; a fork that is killed fails its script; and the host
ends with the process that started it, however that ends.
"""

import contextlib
import importlib
import json
import os
import runpy
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil

from frugalseg.core import lifeline
from frugalseg.pipeline.rules import stages_of_rules

ADDRESS = "FRUGALSEG_WARM"
"""Environment variable: who started the host, its process, and where it listens, `PID:PID:PATH`."""

HEAVY = frozenset({"train", "evaluate", "pseudo", "refine"})
"""Rules whose scripts import the deep learning libraries: they wait for a host that still does."""

WORTH = 4
"""Heavy jobs from which on a host is worth its start."""

PRELOAD = (
    "snakemake.script",
    "scipy.stats",
    "frugalseg.models.build",
    *(f"frugalseg.stages.{rule}" for rule in ("split", "label", *sorted(HEAVY))),
)

POLL = 0.05
"""Seconds between two looks for a host that still imports."""

KILLED = 128 + signal.SIGKILL
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def start(rules: Iterable[str]) -> None:
    """Start a host for a run, if that pays; on Linux, where forking is safe.

    The host ends with the calling process. A pool of threads in a numerical library would not
    survive a fork: it runs with one, and a job sets its own number.

    Args:
        rules: the rule of every job of the run.
    """
    if sys.platform != "linux" or sum(rule in HEAVY for rule in rules) < WORTH:
        return
    # a folder that this user alone can enter: whoever may connect runs code as this user
    path = f"{tempfile.mkdtemp(prefix='frugalseg-')}/socket"
    host = subprocess.Popen(
        [sys.executable, "-m", "frugalseg.pipeline", "host", path],
        stdin=subprocess.PIPE,  # closes with this process: the host's sign to end
        env=os.environ | ONE_THREAD,
    )
    os.environ[ADDRESS] = f"{os.getpid()}:{host.pid}:{path}"


def delegate(script: str) -> None:
    """Run `script`, the calling one, in a fork of the host and exit as it did, if there is a host.

    Returns at once in a fork, or where there is no host. Waits for a host that still imports if the
    script is of a heavy rule, which would import as much by itself.
    """
    lifeline.follow()  # before the libraries are imported: that takes as long as a small job
    address = os.environ.pop(ADDRESS, "")
    if not address:
        return
    owner, host, path = address.split(":", 2)
    # a job that a cluster's daemon started must stay within that daemon's limits
    if int(owner) not in _ancestors():
        return
    if _rule_of(script) in HEAVY:
        _wait_for(Path(path), int(host))
    order = {
        "script": str(Path(script).absolute()),
        "cwd": str(Path.cwd()),
        "env": dict(os.environ),
    }
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(path)
            socket.send_fds(connection, [b"\n"], [0, 1, 2])
        except OSError:
            return
        connection.sendall(json.dumps(order).encode() + b"\n")
        answer = connection.recv(1)
    sys.exit(answer[0] if answer else KILLED)


def _rule_of(script: str) -> str:
    """Return the rule of a script: Snakemake runs `train.py` as a file `<random>.train.py`."""
    return Path(script).stem.rpartition(".")[2]


def _wait_for(path: Path, host: int) -> None:
    """Return when the host listens, or has ended."""
    with contextlib.suppress(psutil.NoSuchProcess):
        process = psutil.Process(host)
        while not path.exists() and lifeline.is_alive(process):
            time.sleep(POLL)


def _ancestors() -> set[int]:
    """Return the processes that this one descends from."""
    return {process.pid for process in psutil.Process().parents()}


def serve(path: Path) -> None:
    """Import what jobs need, then fork for every script that is handed in, until stdin closes."""
    _preload()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the forks and for Snakemake
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system takes away forks that have ended
    with socket.socket(socket.AF_UNIX) as listener, selectors.DefaultSelector() as events:
        # under another name until it listens: a script that finds the socket is served
        unready = path.with_suffix(".new")
        listener.bind(str(unready))
        listener.listen(64)
        unready.rename(path)
        for connection in _connections(listener, events):
            if os.fork() == 0:
                listener.close()
                events.close()
                _run(connection)
            connection.close()
    with contextlib.suppress(OSError):
        path.unlink()
        path.parent.rmdir()


def _preload() -> None:
    """Import what most jobs need, and what the first step of an optimizer would import."""
    for name in PRELOAD:
        importlib.import_module(name)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.compiler.reset()


def remaining_stages() -> list[str]:
    """Return the stages that are not preloaded: tables and figures."""
    names = (f"frugalseg.stages.{rule}" for rule in stages_of_rules())
    return [name for name in names if name not in PRELOAD]


def _connections(
    listener: socket.socket, events: selectors.BaseSelector
) -> Iterator[socket.socket]:
    """Yield whoever connects, until stdin closes; once one has, import stages while nobody does."""
    events.register(listener, selectors.EVENT_READ)
    events.register(sys.stdin, selectors.EVENT_READ)
    later, served = remaining_stages(), False
    while True:
        found = [key.fileobj for key, _ in events.select(0 if served and later else None)]
        if sys.stdin in found:
            return
        if found:
            yield listener.accept()[0]
            served = True
        else:
            importlib.import_module(later.pop(0))


def _run(connection: socket.socket) -> None:
    """Be the process of one script: take on its place in the system, run it, answer, end."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _, streams, _, _ = socket.recv_fds(connection, 1, 3)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        with connection.makefile("rb", buffering=0) as lines:
            order = json.loads(lines.readline())
        threading.Thread(target=_die_with, args=(connection,), daemon=True).start()
        os.chdir(order["cwd"])
        os.environ.clear()
        os.environ.update(order["env"])
        runpy.run_path(order["script"], run_name="__main__")
        status = 0
    except SystemExit as end:
        status = _status(end.code)
    except BaseException:  # as the interpreter itself does at its outermost level
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        with contextlib.suppress(OSError):
            connection.send(bytes([status]))
        os._exit(status)


def _status(code: object) -> int:
    """Turn what `sys.exit` was given into an exit status, as the interpreter does."""
    if code is None or isinstance(code, int):
        return (code or 0) % 256
    sys.stderr.write(f"{code}\n")
    return 1


def _die_with(connection: socket.socket) -> None:
    """End this process when the script on the other side has ended, or been killed."""
    if not connection.recv(1):
        os.kill(os.getpid(), signal.SIGKILL)

"""A fork server: a process that has imported the heavy libraries and forks itself for every job.

Importing torch and segmentation-models-pytorch takes as long as fifty training steps of a small
model. So Snakemake's main process starts one server for a run (`start`), and the script of a job
runs in a fork of it (`delegate`) and ends with the fork's exit status. Without a server (a cluster,
macOS) the script runs in its own process, with the same result; so does a script of a light rule
while the server is still importing.

The server has one thread and computes nothing, so that a fork begins like a fresh process. A killed
script takes its fork with it; a killed fork fails its script; and the server ends with the process
that started it, however that ends.
"""

import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterable
from pathlib import Path

import psutil

from frugalseg.core import lifeline
from frugalseg.pipeline.rules import stages_of_rules

ADDRESS = "FRUGALSEG_FORK_SERVER"
"""Environment variable `PID:PID:PATH`: the starter of the server, the server, and its socket."""

HEAVY = frozenset({"train", "evaluate", "pseudo", "refine"})
"""Rules whose scripts import the deep learning libraries: they wait while the server imports."""

MIN_HEAVY_JOBS = 4
"""Heavy jobs that a run needs for a server to pay off."""

POLL = 0.05
"""Seconds between two checks whether the server listens."""

KILLED = 128 + signal.SIGKILL
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def start(rules: Iterable[str]) -> None:
    """Start a server for a run, if that pays off; on Linux only, where forking is safe.

    The thread pool of a numerical library would not survive a fork: the server runs with one
    thread, and every job sets its own number. A run that a process with a server of its own has
    started shares that server.

    Args:
        rules: the rule of every job of the run.
    """
    if sys.platform != "linux" or sum(rule in HEAVY for rule in rules) < MIN_HEAVY_JOBS:
        return
    if not os.environ.get(ADDRESS):
        os.environ[ADDRESS] = launch()


def launch() -> str:
    """Start a server for the processes that this one will start; return its `ADDRESS`."""
    # only this user may enter the folder: whoever connects runs code as this user
    path = f"{tempfile.mkdtemp(prefix='frugalseg-')}/socket"
    server = subprocess.Popen(
        [sys.executable, "-m", "frugalseg.pipeline", "fork-server", path],
        stdin=subprocess.PIPE,  # closes with this process, which ends the server
        env=os.environ | ONE_THREAD,
    )
    return f"{os.getpid()}:{server.pid}:{path}"


def delegate(script: str) -> None:
    """Run `script`, the calling one, in a fork of the server and exit with its status.

    Returns at once in a fork, and where there is no server.
    """
    lifeline.exit_with_owner()  # before the imports, which take as long as a small job
    address = os.environ.pop(ADDRESS, "")
    if not address:
        return
    starter, server, path = address.split(":", 2)
    # a job that a cluster's daemon started must stay within that daemon's limits
    if int(starter) not in {process.pid for process in psutil.Process().parents()}:
        return
    # Snakemake runs `train.py` as a file `<random>.train.py`
    if Path(script).stem.rpartition(".")[2] in HEAVY:
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(int(server))
            while not Path(path).exists() and lifeline.is_alive(process):
                time.sleep(POLL)
    job = {"script": str(Path(script).absolute()), "cwd": str(Path.cwd()), "env": dict(os.environ)}
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(path)
            socket.send_fds(connection, [b"\n"], [0, 1, 2])
        except OSError:
            return
        connection.sendall(json.dumps(job).encode() + b"\n")
        status = connection.recv(1)
    sys.exit(status[0] if status else KILLED)


def serve(path: Path) -> None:
    """Import all stages, then fork for every script that connects, until stdin closes."""
    gc.disable()  # imports leave no garbage, and looking for it takes a fifth of their time
    _preload()
    gc.freeze()  # a collection in a fork would copy every page of what was imported
    gc.enable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the forks and for Snakemake
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system removes forks that have ended
    with socket.socket(socket.AF_UNIX) as listener:
        # renamed once it listens: a script that finds the socket can connect
        unready = path.with_suffix(".new")
        listener.bind(str(unready))
        listener.listen(64)
        unready.rename(path)
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _run(connection)
            connection.close()
    with contextlib.suppress(OSError):
        path.unlink()
        path.parent.rmdir()


def _preload() -> None:
    """Import what jobs need, and what the first step of an optimizer would import."""
    for name in ("snakemake.script", "frugalseg.models.build"):
        importlib.import_module(name)
    for rule in stages_of_rules():
        importlib.import_module(f"frugalseg.stages.{rule}")
    importlib.import_module("torch").compiler.reset()


def _run(connection: socket.socket) -> None:
    """Run one script in this fork, in its folder and environment; send its status and exit."""
    status = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _, streams, _, _ = socket.recv_fds(connection, 1, 3)
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        with connection.makefile("rb", buffering=0) as lines:
            job = json.loads(lines.readline())
        threading.Thread(target=_die_with, args=(connection,), daemon=True).start()
        os.chdir(job["cwd"])
        os.environ.clear()
        os.environ.update(job["env"])
        runpy.run_path(job["script"], run_name="__main__")
        status = 0
    except SystemExit as end:
        status = _status(end.code)
    except BaseException:  # as the interpreter does at its outermost level
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        with contextlib.suppress(OSError):
            connection.send(bytes([status]))
        os._exit(status)


def _status(code: object) -> int:
    """Return the exit status for an argument of `sys.exit`, as the interpreter does."""
    if code is None or isinstance(code, int):
        return (code or 0) % 256
    sys.stderr.write(f"{code}\n")
    return 1


def _die_with(connection: socket.socket) -> None:
    """Kill this process when the script at the other end has ended or been killed."""
    if not connection.recv(1):
        os.kill(os.getpid(), signal.SIGKILL)

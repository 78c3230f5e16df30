"""Calls of Snakemake, with a program that stands in for it."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.provenance import workflow


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file whose code runs in place of Snakemake."""
    file = tmp_path / "program.py"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(workflow, "command", lambda *given: [sys.executable, str(file), *given])
    return file


def test_the_outputs_are_those_of_the_summary(program: Path) -> None:
    program.write_text(
        "print('output_file\\tdate\\trule\\tstatus\\nresults/a\\t-\\ttrain\\tmissing')\n"
        "import sys, os; assert sys.argv[1] == '--summary' and os.environ['FRUGALSEG_INSPECTING']"
    )
    assert workflow.outputs(["reports/all"], []) == {"results/a": "train"}


def test_an_unreadable_workflow_is_told_in_snakemakes_words(program: Path) -> None:
    program.write_text("import sys; sys.exit('KeyError: arms')")
    with pytest.raises(FrugalsegError, match="cannot read the workflow:\nKeyError: arms"):
        workflow.waiting(["reports/all"], [])


@pytest.mark.parametrize(
    ("said", "waiting"),
    [
        ("Nothing to be done (all requested files are present).", ""),
        ("train 2", "train 2"),
        (
            "SNAKEMAKE\nJob stats:\njob   count\n---\ntrain 2\n\nReasons:",
            "job   count\n---\ntrain 2",
        ),
    ],
)
def test_a_dry_run_says_what_waits(program: Path, said: str, waiting: str) -> None:
    program.write_text(f"import sys; print({said!r}, file=sys.stderr)")
    assert workflow.waiting([], []) == waiting


@pytest.mark.parametrize("folder", ["a b", "it's", 'a"b', "a$b", "a(b)", "a&b", "a*"])
def test_a_python_that_snakemake_cannot_run_is_refused(folder: str) -> None:
    with pytest.raises(FrugalsegError, match="cannot run Python from"):
        workflow.refuse_unquotable(f"/opt/{folder}/.venv/bin/python")


def test_umlauts_and_plain_signs_need_no_quotes() -> None:
    workflow.refuse_unquotable("/opt/Jürgen_ß/a-b.c@d%e=f,g+h/.venv/bin/python3.11")


def test_the_library_beside_the_workflow_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    assert workflow.environment()["PYTHONPATH"] == "elsewhere"
    (tmp_path / "src/frugalseg").mkdir(parents=True)
    assert workflow.environment()["PYTHONPATH"] == f"{tmp_path / 'src'}{os.pathsep}elsewhere"


def test_the_exit_status_is_snakemakes(program: Path) -> None:
    program.write_text("import sys; sys.exit(len(sys.argv))")
    assert workflow.run(["target"], ["--config"], ["--cores"]) == 4


@contextmanager
def caller(program: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the workflow with a program in place of Snakemake, in a session of its own."""
    code = "import sys; from frugalseg.provenance import workflow; program = sys.argv[1]; "
    code += "workflow.command = lambda *_: [sys.executable, program]; "
    code += "sys.exit(workflow.run([], [], []))"
    command = [sys.executable, "-c", code, str(program)]
    with subprocess.Popen(command, start_new_session=True) as process:
        watch = threading.Timer(60, os.killpg, (process.pid, signal.SIGKILL))
        watch.start()
        try:
            yield process
        finally:
            watch.cancel()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_snakemake_end_in_order(program: Path, number: signal.Signals) -> None:
    """SIGINT comes to both from a terminal, SIGTERM to the caller alone."""
    program.write_text(
        textwrap.dedent("""
        import signal, sys, time
        from pathlib import Path
        def end(*_):
            time.sleep(0.4)
            Path("unlocked").touch()
            sys.exit(7)
        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        Path("ready").touch()
        time.sleep(30)
        """)
    )
    with caller(program) as process:
        while not Path("ready").exists():
            time.sleep(0.05)
        if number == signal.SIGINT:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        assert process.wait() == 7
    assert Path("unlocked").exists()


@pytest.mark.parametrize("alone", [True, False])
def test_an_interrupt_reaches_snakemake_and_its_jobs_once(
    program: Path, tmp_path: Path, alone: bool
) -> None:
    """From a terminal it comes to the whole group, from a supervisor to the caller alone."""
    # whoever is interrupted says so, and takes a while to clean up
    interrupted = """
        import signal, subprocess, sys, time
        from pathlib import Path
        job = subprocess.Popen([sys.executable, "job.py"]) if "program" in sys.argv[0] else None
        def end(*_):
            with open(f"{Path(sys.argv[0]).stem}.signals", "a") as file:
                file.write("SIGINT ")
            time.sleep(0.3)
            sys.exit(7 if job is None or job.wait() == 7 else 1)
        signal.signal(signal.SIGINT, end)
        Path(f"{Path(sys.argv[0]).stem}.ready").touch()
        time.sleep(60)
    """
    for file in (program, tmp_path / "job.py"):
        file.write_text(textwrap.dedent(interrupted))
    with caller(program) as process:
        while not (Path("program.ready").exists() and Path("job.ready").exists()):
            time.sleep(0.05)
        begun = time.monotonic()
        if alone:
            process.send_signal(signal.SIGINT)
        else:
            os.killpg(process.pid, signal.SIGINT)
        assert process.wait() == 7
    assert time.monotonic() - begun < 30  # of the 60 that both would have gone on
    assert Path("program.signals").read_text() == Path("job.signals").read_text() == "SIGINT "

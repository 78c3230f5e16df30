import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from frugalseg.core.environment import (
    describe_machine,
    git_revision,
    package_versions,
)


def test_versions_are_those_installed() -> None:
    versions = package_versions()
    assert versions["torch"] == torch.__version__.split("+")[0]
    assert all(re.match(r"\d", number) for number in versions.values())


def test_the_machine_has_no_name() -> None:
    assert set(describe_machine()) == {"processor", "cores", "system", "python"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a fork cannot be told apart")
def test_the_peak_is_that_of_this_process_and_not_of_its_parent() -> None:
    """A fork after the parent let 200 MiB go; and one that takes 100 MiB itself."""
    program = """if True:
        import os, sys
        from frugalseg.core.environment import peak_memory
        begun = peak_memory()
        held = bytearray(b"x") * (200 << 20)
        del held
        for size in (0, 100):
            if os.fork() == 0:
                held = bytearray(b"x") * (size << 20)
                print(peak_memory() - begun, flush=True)
                os._exit(0)
            os.wait()
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    small, large = map(float, done.stdout.split())
    assert small < 50
    assert large == pytest.approx(small + 100, abs=20)


def test_a_changed_checkout_is_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert git_revision() == "unknown"
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    (tmp_path / "a").write_text("1")
    for command in (["init", "-q"], ["add", "a"], [*identity, "commit", "-qm", "a"]):
        subprocess.run(["git", *command], check=True)
    assert re.fullmatch(r"[0-9a-f]{40}", git_revision())
    (tmp_path / "a").write_text("2")
    assert re.fullmatch(r"[0-9a-f]{40}\+", git_revision())

import re
import subprocess
from pathlib import Path

import pytest
import torch

from frugalseg.environment import describe_machine, git_revision, package_versions


def test_versions_are_those_installed() -> None:
    versions = package_versions()
    assert versions["torch"] == torch.__version__.split("+")[0]
    assert all(re.match(r"\d", number) for number in versions.values())


def test_the_machine_has_no_name() -> None:
    assert set(describe_machine()) == {"processor", "cores", "system", "python"}


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

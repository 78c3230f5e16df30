import os
import subprocess
from pathlib import Path

import pytest

from frugalseg.core.files import sha256
from frugalseg.provenance import verify, workflow
from frugalseg.provenance.export import Origin


@pytest.fixture
def origins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Origin]:
    """Two outputs, hashed."""
    monkeypatch.chdir(tmp_path)
    Path("a").write_text("a")
    Path("b").write_text("b")
    return {n: Origin({"rule": "train"}, {}, sha256(Path(n)), (0, 1)) for n in "ab"}


def says(text: str, status: int = 0) -> "subprocess.CompletedProcess[str]":
    return subprocess.CompletedProcess([], status, text, "")


def test_an_altered_file_is_found_even_with_its_old_time(origins: dict[str, Origin]) -> None:
    assert verify.find_altered(origins) == []
    before = Path("a").stat().st_mtime_ns
    Path("a").write_text("c")
    os.utime("a", ns=(before, before))
    Path("b").unlink()
    assert verify.find_altered(origins) == ["a: not the file that rule train made", "b: missing"]


@pytest.mark.parametrize(
    ("status", "text", "found"),
    [
        (0, "Data and pipelines are up to date.\n", ""),
        (0, "train@one:\n\tchanged outs:\n", "train@one:\n\tchanged outs:"),
        (1, "ERROR: not a repository", "ERROR: not a repository"),
    ],
)
def test_dvc_is_clean_only_if_it_says_so(
    monkeypatch: pytest.MonkeyPatch, status: int, text: str, found: str
) -> None:
    monkeypatch.setattr(verify, "dvc", lambda *_: says(text, status))
    assert verify.dvc_changes() == found


def test_findings_are_told_by_who_found_them(
    origins: dict[str, Origin], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "dvc", lambda *_: says("up to date"))
    monkeypatch.setattr(workflow, "waiting", lambda *_: "")
    assert verify.find_problems(origins) == {}
    monkeypatch.setattr(workflow, "waiting", lambda *_: "train 1")
    Path("b").unlink()
    found = {"provenance": "b: missing", "snakemake -n reports/all": "train 1"}
    assert verify.find_problems(origins) == found

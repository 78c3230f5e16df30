from argparse import Namespace
from pathlib import Path

import pytest

from frugalseg.cli import verify
from frugalseg.core.errors import FrugalsegError


def test_the_gate_counts_what_holds() -> None:
    assert verify.gate(3, {}).startswith("verified: 3 outputs hold what was made")


def test_the_gate_tells_who_found_what_and_what_to_do() -> None:
    found = {"dvc status": "train@one: changed", "provenance": "a: missing"}
    with pytest.raises(FrugalsegError) as raised:
        verify.gate(3, found)
    text = str(raised.value)
    assert "dvc status says:\ntrain@one: changed" in text
    assert "provenance says:\na: missing" in text
    assert "`dvc repro --force` rebuilds" in text


def test_nothing_finished_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FrugalsegError, match="no finished study was committed"):
        verify.run(Namespace())

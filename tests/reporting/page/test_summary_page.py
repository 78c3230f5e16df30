from pathlib import Path

import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.reporting.page.page import Summary, load_summary, save_summary


def test_a_summary_comes_back(tmp_path: Path) -> None:
    summary = Summary("n", "n/index.html", "2 arms", "Größe “x”", ("a", "b", "c"), "<svg></svg>")
    save_summary(summary, tmp_path / "summary.json")
    assert load_summary(tmp_path / "summary.json") == summary


def test_a_missing_summary_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FrugalsegError, match=r"summary\.json"):
        load_summary(tmp_path / "summary.json")

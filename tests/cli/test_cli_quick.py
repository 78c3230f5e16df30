"""The whole of `frugalseg quick`, on a folder of bright squares."""

import re
from pathlib import Path

import pytest
from square_folder import write_folder

from frugalseg.cli.__main__ import main

NAME = "<b>&squares"


def test_a_folder_gets_a_curve_a_forecast_and_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = write_folder(tmp_path / NAME, 12), tmp_path / "quick.html"
    words = ["quick", str(folder), "--seeds", "3", "--n", "2", "--threads", "1", "--acquire"]
    assert main([*words, "coreset", "--out", str(out)]) == 0
    told = capsys.readouterr().out
    rows = re.findall(r"^ +(\d+)  (0\.\d+)  ", told, re.MULTILINE)
    assert [int(labels) for labels, _ in rows] == [1, 2, 4, 8]
    assert float(rows[-1][1]) > 0.7
    assert "12 images with a mask, 9 of them with a defect; 3 without a mask." in told
    assert re.search(r"\d+ more masks .* are worth about", told) or "are enough" in told
    names = re.findall(r"^  unlabeled/(i\d\d)$", told, re.MULTILINE)
    assert len(names) == 2
    assert set(names) <= {"i12", "i13", "i14"}
    page = out.read_text("utf-8")
    assert "<b>&" not in page
    assert "&lt;b&gt;&amp;squares" in page
    assert page.count("data:image/jpeg;base64,") == 2
    assert not re.search(r'(src|href)="(?!data:|#)', page)
    assert main([*words, "coreset", "--out", str(out)]) == 2  # the page exists
    assert main([*words, "coreset", "--out", str(out), "--force"]) == 0
    assert out.read_text("utf-8") == page

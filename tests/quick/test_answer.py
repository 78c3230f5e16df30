"""The whole of `frugalseg quick`, on a folder of bright squares."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.cli.__main__ import main
from frugalseg.core.errors import FrugalsegError
from frugalseg.quick.answer import Request, answer

NAME = "<b>&squares"


def write_folder(folder: Path, masks: int, unlabeled: int = 3) -> Path:
    rng = np.random.default_rng(0)
    for part in ("images", "masks", "unlabeled"):
        (folder / part).mkdir(parents=True)
    for number in range(masks + unlabeled):
        image = rng.integers(60, 120, (64, 64, 3)).astype(np.uint8)
        mask = np.zeros((64, 64), np.uint8)
        if number % 4 != 3:
            y, x = rng.integers(0, 40, 2)
            image[y : y + 20, x : x + 20] += 90
            mask[y : y + 20, x : x + 20] = 255
        part = "images" if number < masks else "unlabeled"
        Image.fromarray(image).save(folder / part / f"i{number:02}.png")
        if number < masks:
            Image.fromarray(mask).save(folder / "masks" / f"i{number:02}.png")
    return folder


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


def test_too_few_masks_and_acquisitions_that_cannot_choose_are_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "few", 7)

    def ask(acquire: str) -> None:
        answer(Request(folder, seeds=2, acquire=acquire), None)  # type: ignore[arg-type]

    with pytest.raises(FrugalsegError, match="found 7 masks, 6 of them .* at least 8 masks and 4"):
        ask("entropy")
    with pytest.raises(FrugalsegError, match="--acquire bald: .* Take entropy"):
        ask("bald")
    with pytest.raises(FrugalsegError, match="--acquire foreground_random: it looks at masks"):
        ask("foreground_random")

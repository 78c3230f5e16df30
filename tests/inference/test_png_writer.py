from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from frugalseg.inference.png_writer import PngWriter


def written(path: Path, pixels: NDArray[np.uint8], band: int, **options: object) -> Image.Image:
    with PngWriter(path, pixels.shape, **options) as png:  # type: ignore[arg-type]
        for start in range(0, len(pixels), band):
            png.write(pixels[start : start + band])
    with Image.open(path) as picture:
        picture.load()
    return picture


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 30), st.integers(1, 50), st.booleans())
def test_pillow_reads_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, height: int, width: int, band: int, color: bool
) -> None:
    shape = (height, width, 3) if color else (height, width)
    pixels = np.random.default_rng(height).integers(0, 256, shape, dtype=np.uint8)
    picture = written(tmp_path_factory.mktemp("png") / "a.png", pixels, band)
    assert picture.mode == ("RGB" if color else "L")
    assert np.array_equal(np.asarray(picture), pixels)


def test_a_palette_gives_colors_to_indices(tmp_path: Path) -> None:
    pixels = np.array([[0, 1], [2, 0]], np.uint8)
    palette = [(0, 0, 0), (255, 0, 0), (1, 2, 3)]
    picture = written(tmp_path / "a.png", pixels, 1, palette=palette)
    assert picture.mode == "P"
    assert np.array_equal(np.asarray(picture), pixels)
    assert picture.convert("RGB").getpixel((0, 1)) == (1, 2, 3)


def test_rows_missing_or_of_another_width_are_faults(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="1 rows are missing"),
        PngWriter(tmp_path / "a.png", (2, 3)) as png,
    ):
        png.write(np.zeros((1, 3), np.uint8))
    with (
        pytest.raises(ValueError, match="expected uint8 rows"),
        PngWriter(tmp_path / "a.png", (2, 3)) as png,
    ):
        png.write(np.zeros((1, 4), np.uint8))

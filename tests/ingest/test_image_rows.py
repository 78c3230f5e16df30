from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.image_rows import open_rows

RGB = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3) * 14
ROWS = np.array([1, 0, 1])


def saved(path: Path, array: np.ndarray[Any, Any]) -> Path:
    if path.suffix == ".npy":
        np.save(path, array)
    else:
        Image.fromarray(array).save(path)
    return path


@pytest.mark.parametrize("suffix", [".png", ".npy"])
def test_rows_come_as_the_channels_of_the_model(tmp_path: Path, suffix: str) -> None:
    color = open_rows(saved(tmp_path / f"c{suffix}", RGB), 3)
    assert color.shape == (2, 3, 3)
    assert np.array_equal(color[ROWS], RGB[ROWS])
    gray = open_rows(saved(tmp_path / f"g{suffix}", RGB[..., 0]), 3)
    assert np.array_equal(gray[ROWS], np.repeat(RGB[ROWS][..., :1], 3, axis=2))
    luma = open_rows(saved(tmp_path / f"l{suffix}", np.full((2, 3, 3), 90, np.uint8)), 1)
    assert np.array_equal(luma[ROWS], np.full((3, 3, 1), 90))


@pytest.mark.parametrize("suffix", [".npy", ".tif"])
def test_deeper_images_are_scaled(tmp_path: Path, suffix: str) -> None:
    deep = np.array([[0, 500], [1000, 2000]], np.float32)
    rows = open_rows(saved(tmp_path / f"d{suffix}", deep), 1, value_range=(0, 1000))
    assert rows[np.arange(2)][..., 0].tolist() == [[0, 128], [255, 255]]


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros((2, 2, 4), np.uint8), "found one of shape (2, 2, 4)"),
        (np.zeros(4, np.uint8), "found one of shape (4,)"),
        (np.zeros((0, 4), np.uint8), "its header says 4 x 0 pixels"),
        (np.full((2, 2), np.nan), "4 of 4 values are NaN"),
        (np.zeros((2, 2), complex), "expected numbers"),
    ],
)
def test_arrays_that_are_no_images(
    tmp_path: Path, array: np.ndarray[Any, Any], message: str
) -> None:
    path = saved(tmp_path / "a.npy", array)
    with pytest.raises(FrugalsegError) as told:
        open_rows(path, 3)
    assert message in str(told.value)
    assert str(path) in str(told.value)


def test_files_that_are_no_arrays_or_too_large(tmp_path: Path) -> None:
    (tmp_path / "a.npy").write_bytes(b"nothing")
    with pytest.raises(FrugalsegError, match="expected a .npy array"):
        open_rows(tmp_path / "a.npy", 3)
    large = saved(tmp_path / "b.npy", np.zeros((20, 20)))
    with pytest.raises(FrugalsegError, match="more than the limit of 100"):
        open_rows(large, 3, max_pixels=100)
    small = saved(tmp_path / "c.npy", np.zeros((20, 20), np.uint8))  # read by rows: no limit
    assert open_rows(small, 3, max_pixels=100).shape == (20, 20, 3)

import os
from pathlib import Path

import numpy as np
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.rows import RowFile

IMAGES = np.random.default_rng(0).integers(0, 256, (7, 5, 4, 3), np.uint8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    np.save(tmp_path / "a.npy", IMAGES)
    return tmp_path / "a.npy"


@pytest.mark.parametrize("rows", [[0], [6, 0, 3], [2, 2], []])
def test_rows_are_those_of_the_array(path: Path, rows: list[int]) -> None:
    chosen = np.array(rows, np.int64)
    assert np.array_equal(RowFile(path)[chosen], IMAGES[chosen])


def test_the_shape_is_known_without_reading(path: Path) -> None:
    assert RowFile(path).shape == (7, 5, 4, 3)
    assert len(RowFile(path)) == 7


def test_what_is_returned_is_the_callers(path: Path) -> None:
    file = RowFile(path)
    file[np.array([1])][:] = 0
    assert np.array_equal(file[np.array([1])][0], IMAGES[1])


@pytest.mark.parametrize("row", [-1, 7])
def test_a_row_that_is_not_there(path: Path, row: int) -> None:
    with pytest.raises(IndexError, match="which has 7"):
        RowFile(path)[np.array([row])]


@pytest.mark.parametrize(
    "array", [np.zeros((2, 3)), np.zeros(4, np.uint8), np.asfortranarray(IMAGES)]
)
def test_another_layout_is_refused(tmp_path: Path, array: np.ndarray) -> None:
    np.save(tmp_path / "b.npy", array)
    with pytest.raises(FrugalsegError, match="expected a uint8 array"):
        RowFile(tmp_path / "b.npy")


def test_a_file_that_was_cut_short_while_open(path: Path) -> None:
    file = RowFile(path)
    os.truncate(path, path.stat().st_size - 1)
    assert np.array_equal(file[np.array([5])][0], IMAGES[5])
    with pytest.raises(FrugalsegError, match="cut short"):
        file[np.array([6])]

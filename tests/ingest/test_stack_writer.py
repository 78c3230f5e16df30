import hashlib
from pathlib import Path

import numpy as np
import pytest

from frugalseg.ingest.stack_writer import StackWriter

ARRAYS = np.random.default_rng(0).integers(0, 255, (3, 4, 5, 3)).astype(np.uint8)


def test_the_file_is_what_numpy_would_have_saved(tmp_path: Path) -> None:
    with StackWriter(tmp_path / "a.npy", (4, 5, 3)) as writer:
        for array in ARRAYS:
            writer.append(array)
    assert np.array_equal(np.load(tmp_path / "a.npy", mmap_mode="r"), ARRAYS)
    assert writer.sha256 == hashlib.sha256(ARRAYS.tobytes()).hexdigest()


@pytest.mark.parametrize("wrong", [ARRAYS[0][:2], ARRAYS[0].astype(np.int16)])
def test_another_shape_or_type_is_refused(tmp_path: Path, wrong: np.ndarray) -> None:
    writer = StackWriter(tmp_path / "a.npy", (4, 5, 3))
    with pytest.raises(ValueError, match="expected uint8"):
        writer.append(wrong)


@pytest.mark.parametrize("count", [0, 3, 12_345])
def test_as_many_as_come(tmp_path: Path, count: int) -> None:
    with StackWriter(tmp_path / "a.npy", (2,)) as writer:
        for number in range(count):
            writer.append(np.full(2, number % 251, np.uint8))
    found = np.load(tmp_path / "a.npy", mmap_mode="r")
    assert found.shape == (count, 2)
    assert np.array_equal(found[:, 0], np.arange(count) % 251)

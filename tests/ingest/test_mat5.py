"""MATLAB files are read as scipy wrote them, and damaged ones raise and do not crash."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from scipy.io import savemat

from frugalseg.ingest.mat5 import read_variables

LIMIT = 1 << 20
HEADER = b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM"


def saved(compressed: bool = False, **variables: Any) -> bytes:
    buffer: Any = io.BytesIO()
    savemat(buffer, variables, do_compression=compressed)
    data: bytes = buffer.getvalue()
    return data


NUMBERS = hnp.arrays(
    st.sampled_from(["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8", "?"]),
    hnp.array_shapes(min_dims=2, max_dims=3, max_side=6),
    elements={"allow_nan": False},
)


@given(NUMBERS, st.booleans())
def test_arrays_come_back_as_scipy_wrote_them(array: NDArray[Any], compressed: bool) -> None:
    found = read_variables(saved(compressed, mask=array), limit=LIMIT)["mask"]
    assert isinstance(found, np.ndarray)
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize("compressed", [False, True])
def test_fields_of_structs(compressed: bool) -> None:
    truth = {"Segmentation": np.arange(6).reshape(2, 3), "Deeper": {"x": np.eye(2)}, "text": "a"}
    found = read_variables(saved(compressed, truth=truth, other=np.eye(3)), limit=LIMIT)
    assert isinstance(found["truth"], dict)
    assert list(found) == ["truth", "other"]
    np.testing.assert_array_equal(found["truth"]["Segmentation"], truth["Segmentation"])
    np.testing.assert_array_equal(found["truth"]["Deeper"]["x"], np.eye(2))
    assert found["truth"]["text"] is None


def test_what_is_no_matrix_of_numbers_is_none() -> None:
    cell = np.empty((1, 2), object)
    cell[0, 0] = cell[0, 1] = np.eye(2)
    found = read_variables(saved(cell=cell, complex=np.ones((2, 2), complex)), limit=LIMIT)
    assert found == {"cell": None, "complex": None}


def test_big_endian_file() -> None:
    """One 1 x 2 matrix `m` of uint8, written by hand; its data are a small element."""

    def element(kind: int, data: bytes) -> bytes:
        return struct.pack(">II", kind, len(data)) + data.ljust(-(-len(data) // 8) * 8, b"\0")

    small = struct.pack(">HH", 2, 2) + bytes([7, 9, 0, 0])
    matrix = element(6, struct.pack(">II", 9, 0)) + element(5, struct.pack(">ii", 1, 2))
    matrix += element(1, b"m") + small
    header = b"MATLAB 5.0 MAT-file".ljust(124) + b"\x01\x00MI"
    found = read_variables(header + element(14, matrix), limit=LIMIT)["m"]
    np.testing.assert_array_equal(found, [[7, 9]])


def nested(depth: int) -> dict[str, Any]:
    return {"x": nested(depth - 1)} if depth else {"x": np.eye(2)}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not of version 5"),
        (HEADER[:-1], "not of version 5"),
        (HEADER + b"\1", "ends within"),
        (HEADER + struct.pack("<II", 14, 4_000_000_000), "4000000000 bytes, 0 are there"),
        (HEADER + struct.pack("<HHI", 1, 9, 0), "an element of 9 bytes"),
        (HEADER + struct.pack("<II", 15, 3) + b"abc", "damaged"),
        (HEADER + struct.pack("<II", 15, 9) + zlib.compress(bytes(99))[:9], "too early"),
        (saved(mask=np.eye(9))[:-100], "are there"),
        (saved(a=nested(9)), "more than 8 deep"),
    ],
)
def test_damaged_file_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_variables(data, limit=LIMIT)


def test_inflation_stops_at_the_limit() -> None:
    packed = saved(True, a=np.zeros((100, 100)), b=np.zeros((100, 100)))
    assert len(packed) < 2000
    assert len(read_variables(packed, limit=170_000)) == 2
    with pytest.raises(ValueError, match="larger than"):
        read_variables(packed, limit=100_000)


PLAIN = saved(truth={"Segmentation": np.arange(12).reshape(3, 4)}, other=np.eye(2))


@given(st.dictionaries(st.integers(128, len(PLAIN) - 1), st.integers(0, 255), min_size=1))
def test_changed_bytes_raise_value_error_or_read(changes: dict[int, int]) -> None:
    data = bytearray(PLAIN)
    for at, value in changes.items():
        data[at] = value
    try:
        found = read_variables(bytes(data), limit=LIMIT)
    except ValueError:
        return
    assert isinstance(found, dict)

"""Masks that are arrays keep their values; what is no array of numbers is refused by name."""

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from file_makers import Maker, npy, written
from scipy.io import savemat

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.arrays import as_mask_array, read_npy
from frugalseg.ingest.mask.raw import read_mask


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.float32, np.float64, np.uint16])
def test_npy_mask_keeps_its_values(tmp_path: Path, dtype: type) -> None:
    np.save(tmp_path / "a.npy", np.array([[0, 1], [1, 0]], dtype))
    raw = read_mask(tmp_path / "a.npy")
    assert raw.dtype == dtype
    np.testing.assert_array_equal(raw, [[0, 1], [1, 0]])


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 1), (1, 4, 5)])
def test_npy_axes_of_length_one_are_dropped(tmp_path: Path, shape: tuple[int, ...]) -> None:
    np.save(tmp_path / "a.npy", np.zeros(shape, np.uint8))
    assert read_mask(tmp_path / "a.npy").shape == (4, 5)


@pytest.mark.parametrize("compressed", [False, True])
def test_mat_field_of_a_struct(tmp_path: Path, compressed: bool) -> None:
    truth = {"Segmentation": np.array([[1, 2], [3, 2]], np.uint8), "Boundaries": np.eye(2)}
    savemat(tmp_path / "a.mat", {"groundTruth": truth}, do_compression=compressed)
    raw = read_mask(tmp_path / "a.mat", variable="groundTruth.Segmentation")
    np.testing.assert_array_equal(raw, [[1, 2], [3, 2]])


def test_mat_of_one_matrix_needs_no_name(tmp_path: Path) -> None:
    savemat(tmp_path / "a.mat", {"mask": np.array([[0, 1, 1]], np.uint8)})
    np.testing.assert_array_equal(read_mask(tmp_path / "a.mat"), [[0, 1, 1]])


def mat(**variables: Any) -> Maker:
    return lambda path: savemat(path, variables)


def npy_header(shape: str, descr: str = "|u1") -> bytes:
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (63 - (len(header) + 10) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header


def mat_bomb() -> bytes:
    packed = zlib.compress(bytes(50_000_000), 9)
    header = b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM"
    return header + struct.pack("<II", 15, len(packed)) + packed


def cut(make: Maker, share: float) -> Maker:
    def write(path: Path) -> None:
        make(path)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])

    return write


SQUARE = np.random.default_rng(0).integers(0, 2, (60, 60)).astype(np.uint8)
HOSTILE: dict[str, tuple[str, Maker, str]] = {
    "missing": ("a.npy", lambda path: None, "found none"),
    "empty npy": ("a.npy", written(b""), "0 bytes"),
    "empty mat": ("a.mat", written(b""), "0 bytes"),
    "text as npy": ("a.npy", written(b"0 0 1 1 0\n"), "cannot be read"),
    "text as mat": ("a.mat", written(b"0 0 1 1 0\n" * 50), "version 5 to 7"),
    "truncated npy": ("a.npy", cut(npy(SQUARE), 0.5), "cannot be read"),
    "truncated mat": ("a.mat", cut(mat(mask=SQUARE), 0.5), "a.mat"),
    "mat of header only": ("a.mat", cut(mat(mask=SQUARE), 0.04), "a.mat"),
    "pickle": ("a.npy", npy(np.array([{"a": 1}]), allow_pickle=True), "cannot be read"),
    "bare pickle": ("a.npy", written(b"\x80\x04N."), "cannot be read"),
    "npz": ("a.npy", lambda path: np.savez(path.open("wb"), SQUARE), "npz"),
    "npy that lies": ("a.npy", written(npy_header("(100000, 100000)")), "cannot be read"),
    "npy of no pixels": ("a.npy", npy(np.zeros((0, 5))), "a.npy"),
    "npy too large": ("a.npy", npy(np.zeros((3000, 3000), bool)), "3000 x 3000 pixels"),
    "npy of one axis": ("a.npy", npy(np.zeros(5)), r"shape \(5,\)"),
    "npy of a volume": ("a.npy", npy(np.zeros((9, 9, 9))), r"shape \(9, 9, 9\)"),
    "npy of text": ("a.npy", npy(np.array([["a"]])), "found <U1"),
    "npy of records": ("a.npy", npy(np.zeros((2, 2), [("x", "f4")])), "expected numbers"),
    "npy complex": ("a.npy", npy(np.zeros((2, 2), complex)), "complex128"),
    "mat of several": ("a.mat", mat(a=SQUARE, b=SQUARE), r"\['a', 'b'\]"),
    "mat of text": ("a.mat", mat(mask="hello"), "expected one matrix"),
    "mat of version 7.3": (
        "a.mat",
        written(b"MATLAB 7.3 MAT-file".ljust(124) + b"\x00\x02IM" + bytes(400)),
        "-v7",
    ),
    "mat that inflates": ("a.mat", written(mat_bomb()), "larger than"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_mask_is_refused_by_name(tmp_path: Path, case: str) -> None:
    name, make, message = HOSTILE[case]
    make(tmp_path / name)
    with pytest.raises(FrugalsegError, match=message) as error:
        read_mask(tmp_path / name, max_pixels=1_000_000)
    assert str(tmp_path / name) in str(error.value)


def test_pickle_is_not_run(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    code = f"c__builtin__\neval\n(S'open({str(trace)!r}, \"w\").close()'\ntR.".encode()
    (tmp_path / "a.npy").write_bytes(code)
    with pytest.raises(FrugalsegError):
        read_mask(tmp_path / "a.npy")
    assert not trace.exists()


def test_mat_names_the_variable_it_lacks(tmp_path: Path) -> None:
    savemat(tmp_path / "a.mat", {"groundTruth": {"Boundaries": np.eye(2)}})
    with pytest.raises(FrugalsegError, match=r"groundTruth\.Segmentation"):
        read_mask(tmp_path / "a.mat", variable="groundTruth.Segmentation")


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((1, 2, 3), [[[0, 1, 2], [3, 4, 5]]]),
        ((2, 1, 4), [[[0, 1, 2, 3]], [[4, 5, 6, 7]]]),
        ((1, 2, 2), [[0, 1], [2, 3]]),
        ((3, 2, 1), [[0, 1], [2, 3], [4, 5]]),
    ],
)
def test_colors_are_told_from_axes_of_length_one(
    shape: tuple[int, ...], expected: list[list[Any]]
) -> None:
    """Three or four values at the end are a color, with or without alpha."""
    pixels = np.arange(np.prod(shape)).reshape(shape)
    found = as_mask_array(Path("a.npy"), pixels, max_pixels=6)
    np.testing.assert_array_equal(found, expected)


def test_npy_array_is_a_copy_of_the_file(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([[1, 2]], np.uint8))
    found = read_npy(tmp_path / "a.npy", max_pixels=2)
    found[0, 0] = 7
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), [[1, 2]])

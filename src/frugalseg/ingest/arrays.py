"""Masks stored as arrays: NumPy's `.npy` and MATLAB's `.mat`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.decode import check_file, check_size, unreadable
from frugalseg.ingest.mat5 import Value, read_variables

_CHANNELS = (3, 4)
_BYTES_PER_PIXEL = 16
"""Most bytes of a .mat file per allowed pixel: two matrices of doubles."""


def read_npy(path: Path, *, max_pixels: int) -> NDArray[Any]:
    """Read a `.npy` array; never a pickle, and nothing before its shape is known.

    Returns:
        H x W, H x W x 3 or H x W x 4 numbers; other axes of length 1 are dropped.

    Raises:
        FrugalsegError: naming the file: not an array of numbers, of another rank, too large.
    """
    check_file(path)
    try:
        stored = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:
        raise unreadable(path, "a .npy array of numbers", error) from error
    if not isinstance(stored, np.ndarray):
        stored.close()
        raise FrugalsegError(f"{path}: expected one .npy array, found an .npz. Save the array.")
    return np.array(as_mask_array(path, stored, max_pixels))


def read_mat(path: Path, *, max_pixels: int, variable: str | None = None) -> NDArray[Any]:
    """Read one matrix of a MATLAB file of version 5 to 7.

    Args:
        variable: its name, `struct.field` for a field; None if the file holds one matrix only.

    Raises:
        FrugalsegError: naming the file: another version, damaged, no such variable, too large.
    """
    check_file(path)
    limit = min(max_pixels * _BYTES_PER_PIXEL + (1 << 16), 1 << 30)
    try:
        if path.stat().st_size > limit:
            raise ValueError(f"larger than {limit} bytes")
        content = read_variables(path.read_bytes(), limit=limit)
    except Exception as error:
        raise unreadable(path, "a MATLAB file of version 5 to 7", error) from error
    return as_mask_array(path, _pick(path, content, variable), max_pixels)


def as_mask_array(path: Path, array: NDArray[Any], max_pixels: int) -> NDArray[Any]:
    """Check type, rank and size of an array; return it as H x W, H x W x 3 or H x W x 4."""
    shape = array.shape
    if array.ndim == 3 and shape[-1] == 1:
        array = array[..., 0]
    elif array.ndim == 3 and shape[0] == 1 and shape[-1] not in _CHANNELS:
        array = array[0]
    is_color = array.ndim == 3 and array.shape[-1] in _CHANNELS
    if array.dtype.kind not in "buif" or not (array.ndim == 2 or is_color):
        raise FrugalsegError(
            f"{path}: expected numbers of shape H x W or H x W x 3, found {array.dtype} of shape "
            f"{shape}. Save the mask as such an array or as a PNG."
        )
    check_size(path, array.shape[1], array.shape[0], max_pixels)
    return array


def _pick(path: Path, content: Mapping[str, Value], variable: str | None) -> NDArray[Any]:
    if variable is None:
        matrices = [name for name, value in content.items() if isinstance(value, np.ndarray)]
        if len(matrices) != 1:
            raise FrugalsegError(
                f"{path}: expected one matrix, found {list(content)}. Save the mask alone."
            )
        variable = matrices[0]
    value: Value = content
    for name in variable.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if not isinstance(value, np.ndarray):
        raise FrugalsegError(
            f"{path}: expected the matrix {variable}, found {list(content)}. Save it under that "
            "name, with the option -v7."
        )
    return value

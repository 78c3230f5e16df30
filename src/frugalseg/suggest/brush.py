"""The run lengths in which Label Studio keeps brush masks.

A stream of bits, high bit first: 32 for the number of values, 5 for the bits of a value minus 1,
four times 4 for the bits of a length minus 1; then runs, each one bit (1: one value repeated, 0:
values one by one), 2 bits that choose among the four, a length minus 1, and the values. The values
are the RGBA bytes of the picture, whose alpha is the mask (rle-pack of thi.ng/umbrella, K. Schmidt
2018). `label_studio_sdk.converter.brush` reads them too, but needs 14 further dependencies
(docs/development/decisions/0003-dependencies.md).
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.decode import MAX_PIXELS

SIZES = (3, 4, 8, 16)
_WORD = 8
_CHANNELS = 4
_LONGEST = 2 ** SIZES[-1]


def encode_mask(mask: NDArray[np.bool_]) -> list[int]:
    """Return a mask, H x W, as bytes 0 to 255."""
    flat = mask.ravel()
    edges = np.flatnonzero(np.diff(flat)) + 1
    lengths = np.diff([0, *edges.tolist(), flat.size]) * _CHANNELS
    head = f"{flat.size * _CHANNELS:032b}{_WORD - 1:05b}" + "".join(f"{s - 1:04b}" for s in SIZES)
    values = flat[[0, *edges.tolist()]]
    runs = (_run(n, v) for n, v in zip(lengths.tolist(), values.tolist(), strict=True))
    bits = head + "".join(runs)
    bits += "0" * (8 - len(bits) % 8)
    return [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]


def decode_mask(rle: Sequence[int], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the mask, H x W, that bytes stand for.

    Raises:
        FrugalsegError: they end too early, or are those of another size.
    """
    pixels = size[0] * size[1]
    if not 0 < pixels <= MAX_PIXELS:
        raise FrugalsegError(f"expected a mask of 1 to {MAX_PIXELS} pixels, found {size}.")
    try:
        values = _values(_Bits(rle), pixels * _CHANNELS)
    except (IndexError, ValueError, TypeError) as error:
        raise FrugalsegError(
            f"brush strokes of {len(rle)} bytes cannot be read as a mask of {size[0]} x {size[1]} "
            f"pixels ({error}). Export them from Label Studio again, as JSON."
        ) from error
    alpha: NDArray[np.bool_] = values.reshape(*size, _CHANNELS)[..., -1] > 0
    return alpha


def _run(length: int, value: bool) -> str:
    parts = []
    for done in range(0, length, _LONGEST):
        part = min(_LONGEST, length - done)
        choice = next(place for place, size in enumerate(SIZES) if part <= 2**size)
        parts.append(f"1{choice:02b}{part - 1:0{SIZES[choice]}b}{255 * value:08b}")
    return "".join(parts)


class _Bits:
    def __init__(self, rle: Iterable[int]) -> None:
        self._bits = "".join(f"{byte:08b}" for byte in rle)
        self._place = 0

    def read(self, count: int) -> int:
        end = self._place + count
        if end > len(self._bits):
            raise IndexError("they end too early")
        value = int(self._bits[self._place : end], 2)
        self._place = end
        return value


def _values(bits: _Bits, expected: int) -> NDArray[np.uint8]:
    count, word = bits.read(32), bits.read(5) + 1
    sizes = [bits.read(4) + 1 for _ in SIZES]
    if count != expected or word != _WORD:
        raise ValueError(f"{count} values of {word} bits, expected {expected} of {_WORD}")
    values = np.zeros(count, np.uint8)
    place = 0
    while place < count:
        repeated = bits.read(1)
        end = place + 1 + bits.read(sizes[bits.read(2)])
        if repeated:
            values[place:end] = bits.read(word)
        else:
            values[place:end] = [bits.read(word) for _ in range(end - place)]
        place = end
    return values

"""The run lengths in which COCO keeps masks.

Lengths of runs of 0 and 1 in turn, column by column (Lin et al., Microsoft COCO, ECCV 2014). As
text, each length is written in base 48 with 5 bits a character, from the fourth on as a
difference to the last but one.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError


def decode_rle(segmentation: Mapping[str, Any], size: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the mask, H x W, of a COCO segmentation with `size` and `counts`.

    Raises:
        FrugalsegError: its runs do not fill the image of `size`.
    """
    counts = segmentation.get("counts")
    try:
        runs = np.array(_lengths(counts) if isinstance(counts, str) else counts, np.int64)
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        raise FrugalsegError(f"expected run lengths, found {str(counts)[:40]!r}.") from error
    height, width = size
    stated = segmentation.get("size", list(size))
    is_sound = runs.ndim == 1 and ((runs >= 0) & (runs <= height * width)).all()
    if not is_sound or stated != [height, width] or runs.sum() != height * width:
        raise FrugalsegError(
            f"expected run lengths that fill {height} x {width} pixels, found {runs.size} of them "
            f"for {str(stated)[:40]}."
        )
    flat = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
    return flat.reshape(width, height).T


def _lengths(text: str) -> list[int]:
    lengths: list[int] = []
    place = 0
    while place < len(text):
        value = shift = 0
        more = True
        while more:
            digit = ord(text[place]) - 48
            if not 0 <= digit < 64:
                raise ValueError(f"character {text[place]!r}")
            value |= (digit & 31) << shift
            shift, place, more = shift + 5, place + 1, bool(digit & 32)
        if digit & 16:
            value -= 1 << shift
        lengths.append(value + (lengths[-2] if len(lengths) > 2 else 0))
    return lengths

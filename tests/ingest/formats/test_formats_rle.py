"""COCO's run lengths, by hand and as pycocotools writes them."""

from typing import Any

import numpy as np
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.rle import decode_rle

MASK = np.array([[1, 0, 0, 0, 0], [0, 1, 1, 1, 0], [0, 1, 1, 1, 0], [0, 0, 0, 0, 0]], bool)
RUNS = [0, 1, 4, 2, 2, 2, 2, 2, 5]
"""Down the columns: one pixel, four without, two, two without ..."""


def test_runs_by_hand() -> None:
    assert np.array_equal(decode_rle({"counts": RUNS, "size": [4, 5]}, (4, 5)), MASK)


def test_text_by_hand() -> None:
    # lengths less the last but one from the fourth on: 0 1 4 1 -2 0 0 0 3, plus 48 where 0 to 15
    # fit into one character; -2 is 5 bits 11110, which is 30
    text = "0141N0003"  # the same from pycocotools 2.0.11: mask.encode
    assert np.array_equal(decode_rle({"counts": text, "size": [4, 5]}, (4, 5)), MASK)


def test_a_long_run_takes_several_characters() -> None:
    # 1000 = 31 * 32 + 8: 01000 with the bit for more (40), then 11111 with it (63), then 0
    flat = decode_rle({"counts": chr(48 + 40) + chr(48 + 63) + "0"}, (50, 20))
    assert flat.shape == (50, 20)
    assert not flat.any()


@pytest.mark.parametrize(
    "segmentation",
    [
        {"counts": RUNS, "size": [5, 4]},
        {"counts": [*RUNS, 1], "size": [4, 5]},
        {"counts": [-1, 21], "size": [4, 5]},
        {"counts": [2**62, 2**62, 2**62, 2**62, 20], "size": [4, 5]},
        {"counts": [[20]], "size": [4, 5]},
        {"counts": "0", "size": [4, 5]},
        {"counts": "o", "size": [4, 5]},
        {"counts": "o" * 300, "size": [4, 5]},
        {"counts": "\x00"},
        {"counts": "\u00e9"},
        {"counts": None},
        {"counts": ["a"]},
        {},
    ],
)
def test_what_does_not_fill_the_image_is_refused(segmentation: dict[str, Any]) -> None:
    with pytest.raises(FrugalsegError, match="expected run lengths"):
        decode_rle(segmentation, (4, 5))

"""Outlines follow edges of the right images, turned the right way."""

import numpy as np
import pytest
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.ingest.alignment import Alignment, alignment_warning, measure_alignment

Pixels = NDArray[np.uint8]
ROWS = np.arange(16)


def squares(count: int = 16) -> tuple[Pixels, Pixels]:
    """Noisy images with a bright square each, and its masks."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 10, (count, 32, 40, 1), dtype=np.uint8)
    masks = np.zeros((count, 32, 40), np.uint8)
    for image, mask in zip(images, masks, strict=True):
        y, x = rng.integers(2, 8), rng.integers(2, 12)  # in the upper left quarter
        mask[y : y + 9, x : x + 7] = 1
        image[mask > 0] += 60
    return images, masks


def measured(images: Pixels, masks: Pixels) -> Alignment:
    found = measure_alignment(images, masks, ROWS)
    assert found is not None
    return found


def test_outlines_follow_the_edges_of_their_own_images() -> None:
    found = measured(*squares())
    assert found.own > 0.95
    assert (found.masks, found.mirrored) == (16, (0.0, 0.0, 0.0))
    assert not list(alignment_warning(found))


def test_masks_of_other_images_are_told() -> None:
    images, masks = squares()
    found = measured(images, np.roll(masks, 1, axis=0))
    assert 0.3 < found.own < 0.7
    (said,) = alignment_warning(found)
    assert f"({found.own:.0%} of the comparisons, 50% by chance)" in said


@pytest.mark.parametrize(
    ("axes", "way"),
    [((2,), "mirrored left to right"), ((1,), "mirrored upside down"), ((1, 2), "turned by 180")],
)
def test_mirrored_masks_are_told(axes: tuple[int, ...], way: str) -> None:
    images, masks = squares()
    (said,) = alignment_warning(measured(images, np.flip(masks, axes)))
    assert said.startswith("100% of 16 masks fit the edges of their images better " + way)


def test_what_has_no_outline_or_no_edge_is_not_compared() -> None:
    images, masks = squares()
    images[0] = 7
    masks[1] = 1
    masks[2][masks[2] == 0] = IGNORE
    found = measured(images, masks)
    assert found.masks == 14
    assert found.own > 0.95
    assert measure_alignment(images, masks, ROWS[:13]) is None
    assert measure_alignment(images, masks, ROWS[:0]) is None
    assert not list(alignment_warning(None))


def test_equal_images_are_told_apart_by_chance() -> None:
    images, masks = squares()
    assert measured(np.repeat(images[:1], 16, axis=0), masks).own == 0.5


def test_at_most_twenty_masks_are_compared() -> None:
    images, masks = squares(50)
    found = measure_alignment(images, masks, np.arange(50))
    assert found is not None
    assert found.masks == 20

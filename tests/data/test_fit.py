import numpy as np
import pytest

from frugalseg.core.constants import IGNORE
from frugalseg.data.fit import FITS, inner_size, pad, stretch

IMAGE = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
MASK = (np.arange(24).reshape(4, 6) % 3).astype(np.uint8)


@pytest.mark.parametrize("fit", FITS)
def test_an_image_of_the_right_size_stays_as_it_is(fit: str) -> None:
    image, mask = FITS[fit](IMAGE, MASK, (4, 6))
    assert np.array_equal(image, IMAGE)
    assert np.array_equal(mask, MASK)


def test_stretching_invents_no_class() -> None:
    mask = np.zeros((40, 40), np.uint8)
    mask[10:30, 10:30] = 2
    image, small = stretch(np.zeros((40, 40, 1), np.uint8), mask, (32, 64))
    assert image.shape == (32, 64, 1)
    assert set(np.unique(small)) == {0, 2}
    assert (small == 2).mean() == pytest.approx(0.25, abs=0.01)


def test_padding_keeps_the_aspect_ratio_and_is_ignored() -> None:
    image, mask = pad(IMAGE, MASK, (8, 8))
    assert np.array_equal(image[:4, :6], IMAGE)
    assert np.array_equal(mask[:4, :6], MASK)
    assert (mask[4:] == IGNORE).all()
    assert (mask[:, 6:] == IGNORE).all()
    assert np.array_equal(image[7, 7], IMAGE[3, 5])


def test_what_is_too_large_is_shrunk_by_one_scale() -> None:
    big = np.full((100, 50, 1), 9, np.uint8)
    image, mask = pad(big, np.ones((100, 50), np.uint8), (32, 32))
    assert image.shape == (32, 32, 1)
    assert (mask != IGNORE).sum() == 32 * 16


def test_no_mask_is_ignored_everywhere() -> None:
    _, mask = stretch(IMAGE, None, (8, 8))
    assert (mask == IGNORE).all()


@pytest.mark.parametrize("size", [(3, 5), (9, 2)])
def test_colors_are_resized_as_if_each_channel_were_a_picture(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (17, 13, 3)).astype(np.uint8)
    small, _ = stretch(picture, None, size)
    for channel in range(3):
        alone, _ = stretch(picture[..., channel : channel + 1], None, size)
        assert np.array_equal(small[..., channel], alone[..., 0])


@pytest.mark.parametrize("shape", [(4, 6), (100, 50), (1, 300), (8, 8)])
def test_the_inner_size_is_what_padding_leaves(shape: tuple[int, int]) -> None:
    _, mask = pad(np.zeros((*shape, 1), np.uint8), np.zeros(shape, np.uint8), (8, 8))
    inside = mask != IGNORE
    assert inner_size(shape, (8, 8)) == (inside.any(1).sum(), inside.any(0).sum())

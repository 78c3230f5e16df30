from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from frugalseg.data.fit import stretch
from frugalseg.ingest.resized_rows import ResizedRows, resized_bands

SIDE = st.integers(1, 70)


def noise(height: int, width: int, channels: int = 3) -> np.ndarray:
    rng = np.random.default_rng(height * 100 + width)
    return rng.integers(0, 256, (height, width, channels), dtype=np.uint8)


@given(SIDE, SIDE, SIDE, SIDE, st.integers(1, 20))
def test_rows_are_those_of_the_image_resized_at_once(
    height: int, width: int, high: int, wide: int, step: int
) -> None:
    image = noise(height, width)
    whole, _ = stretch(image, None, (high, wide))
    rows = ResizedRows(image, (high, wide))
    assert rows.shape == (high, wide, 3)
    found = [rows[np.arange(at, min(at + step, high))] for at in range(0, high, step)]
    apart = np.abs(np.concatenate(found).astype(int) - whole.astype(int))
    assert apart.max() <= 1  # a weight is rounded otherwise where the strip begins


def test_rows_come_in_the_order_asked_for_and_few_are_read() -> None:
    image = noise(200, 30)

    class Watched:
        shape = image.shape
        read = 0

        def __getitem__(self, rows: np.ndarray) -> np.ndarray:
            Watched.read = max(Watched.read, len(rows))
            chosen: np.ndarray = image[rows]
            return chosen

    half = ResizedRows(Watched(), (100, 15))
    assert np.array_equal(half[np.array([7, 3, 7])], half[np.arange(3, 8)][[4, 0, 4]])
    # rows 3 to 7 lie over rows 6 to 15, and the filter reaches one further on each side
    assert Watched.read == 12


@given(SIDE, SIDE, SIDE, SIDE, st.integers(1, 20))
def test_bands_are_those_of_the_map_resized_at_once(
    height: int, width: int, high: int, wide: int, step: int
) -> None:
    rng = np.random.default_rng(height + width)
    foreground = rng.random((height, width), np.float32)
    probs = np.stack([1 - foreground, foreground])
    bands = iter([probs[:, at : at + step] for at in range(0, height, step)])
    found = np.concatenate(list(resized_bands(bands, (height, width), (high, wide))), axis=1)
    whole = Image.fromarray(foreground).resize((wide, high), Image.Resampling.BILINEAR)
    np.testing.assert_allclose(found[1], np.asarray(whole), atol=1e-4)
    np.testing.assert_allclose(found.sum(axis=0), 1, atol=1e-5)


def test_bands_are_handed_on_before_the_last_has_come() -> None:
    def bands() -> Iterator[np.ndarray]:
        yield np.zeros((2, 10, 8), np.float32)
        raise AssertionError("the second was asked for too early")

    first = next(resized_bands(bands(), (20, 8), (40, 16)))
    # the filter of row 17 ends at 8.75 + 1 rows of the source, that of row 18 at 9.25 + 1
    assert first.shape == (2, 18, 16)


@pytest.mark.parametrize("size", [(40, 60), (80, 120)])
def test_doubling_by_hand(size: tuple[int, int]) -> None:
    ramp = np.broadcast_to(np.arange(40, dtype=np.float32)[:, None], (40, 60))[None]
    found = np.concatenate(list(resized_bands(iter([ramp]), (40, 60), size)), axis=1)
    expected = (np.arange(size[0]) + 0.5) * 40 / size[0] - 0.5
    np.testing.assert_allclose(found[0, :, 0], expected.clip(0, 39), atol=1e-5)

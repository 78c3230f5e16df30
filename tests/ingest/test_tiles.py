from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frugalseg.core.constants import IGNORE
from frugalseg.ingest.tiles import Span, cut, first_tiles, spans, tile_id
from frugalseg.settings.dataset import TileParams

SIDE = st.integers(1, 90)
SHAPE = st.tuples(SIDE, SIDE)
SIZE = st.tuples(st.integers(1, 40), st.integers(1, 40))
OVERLAP = st.floats(0, 0.95)


def picture(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Return an image whose pixels tell where they are, and a mask of three classes."""
    y, x = np.mgrid[:height, :width].astype(np.uint8)
    return np.stack([y, x, y ^ x], axis=-1), (3 * y + 5 * x) % 4


def test_tiles_along_a_side_by_hand() -> None:
    assert spans(8, 8, 0.5) == [Span(0, 8, 0, 8)]
    assert spans(3, 8, 0.5) == [Span(0, 3, 0, 3)]
    assert spans(20, 8, 0.0) == [Span(0, 8, 0, 8), Span(8, 16, 8, 16), Span(16, 20, 16, 20)]
    # each of two neighbors has its half of the four pixels that they share
    assert spans(16, 8, 0.5) == [Span(0, 8, 0, 6), Span(4, 12, 6, 10), Span(8, 16, 10, 16)]


def test_the_reference_gives_twenty_tiles_of_an_image() -> None:
    assert len(spans(2048, 512, 0.0)) * len(spans(2560, 512, 0.0)) == 20


@given(st.integers(1, 4000), st.integers(1, 600), OVERLAP)
def test_every_pixel_of_a_side_is_some_tiles_own_once(side: int, tile: int, overlap: float) -> None:
    found = spans(side, tile, overlap)
    owned = np.concatenate([np.arange(span.first, span.last) for span in found])
    assert owned.tolist() == list(range(side))
    assert all(span.start <= span.first < span.last <= span.stop for span in found)
    assert all(span.stop - span.start == tile for span in found[:-1])
    shared = [one.stop - other.start for one, other in pairwise(found)]
    assert all(pixels >= int(overlap * tile) for pixels in shared[:-1])


@settings(max_examples=60, deadline=None)
@given(SHAPE, SIZE, OVERLAP)
def test_tiles_put_together_are_the_image_and_its_mask(
    shape: tuple[int, int], size: tuple[int, int], overlap: float
) -> None:
    image, mask = picture(*shape)
    together = np.full_like(image, 99)
    labels, times = np.full_like(mask, IGNORE), np.zeros(shape, int)
    for tile in cut(image, mask, size, TileParams(overlap=overlap)):
        assert tile.image.shape == (*size, 3)
        assert tile.mask.shape == size
        content = slice(tile.height), slice(tile.width)
        box = slice(tile.y, tile.y + tile.height), slice(tile.x, tile.x + tile.width)
        together[box] = tile.image[content]
        known = tile.mask[content] != IGNORE
        labels[box][known] = tile.mask[content][known]
        times[box] += known
        assert (tile.mask != IGNORE).sum() == known.sum()  # padding has no label
    assert np.array_equal(together, image)
    assert np.array_equal(labels, mask)
    assert (times == 1).all()


def test_padding_repeats_the_rim() -> None:
    image, mask = picture(5, 6)
    *_, last = cut(image, mask, (4, 4), TileParams())
    assert (last.y, last.x, last.height, last.width) == (4, 4, 1, 2)
    assert np.array_equal(last.image[3, :2], image[4, 4:])
    assert (last.image[:, 3] == image[4, 5]).all()
    assert (last.mask[1:] == IGNORE).all()


def test_without_a_mask_nothing_is_known() -> None:
    (tile,) = cut(picture(4, 4)[0], None, (4, 4), TileParams())
    assert (tile.mask == IGNORE).all()


def test_scale_shrinks_both_sides_alike_and_invents_no_class() -> None:
    image, mask = np.full((40, 60, 1), 7, np.uint8), np.zeros((40, 60), np.uint8)
    mask[10:30] = 3
    (tile,) = cut(image, mask, (20, 32), TileParams(scale=0.5))
    assert (tile.height, tile.width) == (20, 30)
    assert (tile.image == 7).all()
    assert (tile.mask[:, :30] == np.repeat([0, 3, 3, 0], 5)[:, None]).all()


def test_resize_does_not_ask_for_the_aspect_ratio() -> None:
    image, mask = picture(30, 40)
    tiles = list(cut(image, mask, (16, 20), TileParams(resize=(32, 40))))
    assert [(tile.y, tile.x) for tile in tiles] == [(0, 0), (0, 20), (16, 0), (16, 20)]
    assert all((tile.height, tile.width) == (16, 20) for tile in tiles)


@given(st.lists(st.tuples(st.text("ab/y-x0", min_size=1), SIDE, SIDE), unique=True))
def test_names_are_unambiguous(places: list[tuple[str, int, int]]) -> None:
    assert len({tile_id(*place) for place in places}) == len(places)


def test_names_are_in_the_order_of_the_tiles() -> None:
    tiles = cut(*picture(64, 2400), (32, 512), TileParams())
    names = [tile_id("a/1", tile.y, tile.x) for tile in tiles]
    assert names == sorted(names)
    assert names[1] == "a/1/y00000-x00512"


@pytest.mark.parametrize("tiled", [True, False])
def test_one_tile_stands_for_its_image(tiled: bool) -> None:
    index = pd.DataFrame({"image_id": ["a/0", "a/1", "b/0"], "source_id": ["a", "a", "b"]})
    whole = index.drop(columns="source_id")
    found = first_tiles(index if tiled else whole)["image_id"].tolist()
    assert found == (["a/0", "b/0"] if tiled else ["a/0", "a/1", "b/0"])

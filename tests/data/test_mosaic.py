import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frugalseg.core.constants import IGNORE
from frugalseg.data.mosaic import Whole, stitch, thinned, wholes
from frugalseg.ingest.tiles import Tile, cut
from frugalseg.settings.dataset import TileParams


def test_without_tiles_every_row_is_an_image() -> None:
    index = pd.DataFrame(
        {"image_id": ["b", "a"], "row": [0, 1], "stack_height": 4, "stack_width": 6, "height": 2}
    )
    found = wholes(index)
    assert [whole.image_id for whole in found] == ["b", "a"]
    assert found[1].places.tolist() == [[1, 0, 0, 4, 6]]
    assert found[1].size == (4, 6)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.floats(0, 0.9))
def test_tiles_come_together_again(height: int, width: int, overlap: float) -> None:
    y, x = np.mgrid[:height, :width].astype(np.uint8)
    images = {"a": np.stack([y, x], axis=-1), "b": np.stack([x, y], axis=-1)}
    rows: list[tuple[int | str, ...]] = []
    tiles: list[Tile] = []
    for name, image in images.items():
        for tile in cut(image, (y + x) % 3, (8, 9), TileParams(overlap=overlap)):
            place = (tile.y, tile.x, tile.height, tile.width)
            rows.append((len(rows), name, *place))
            tiles.append(tile)
    names = ["row", "source_id", "tile_y", "tile_x", "height", "width"]
    found = wholes(pd.DataFrame(rows, columns=names))
    assert [whole.image_id for whole in found] == ["a", "b"]
    for whole in found:
        assert whole.size == (height, width)
        pieces = [tiles[row] for row in whole.rows]
        image = stitch(whole, [tile.image for tile in pieces])
        assert np.array_equal(image, images[whole.image_id])
        mask = stitch(whole, [tile.mask for tile in pieces], IGNORE)
        assert np.array_equal(mask, (y + x) % 3)


def test_where_nothing_lies_nothing_is_known() -> None:
    whole = Whole("a", np.array([[0, 0, 0, 1, 2]]))
    assert stitch(whole, [np.array([[3, IGNORE]], np.uint8)], IGNORE).tolist() == [[3, IGNORE]]


@pytest.mark.parametrize(
    ("shape", "kept"), [((10, 4), (10, 4)), ((11, 4), (6, 2)), ((5, 40), (2, 10))]
)
def test_thinning_keeps_every_nth_pixel(shape: tuple[int, int], kept: tuple[int, int]) -> None:
    image = np.arange(shape[0] * shape[1]).reshape(shape).astype(np.uint8)
    found = thinned(image, 10)
    assert found.shape == kept
    assert found[0, 0] == image[0, 0]

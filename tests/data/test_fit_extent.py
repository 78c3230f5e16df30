import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.core.constants import IGNORE
from frugalseg.data.fit import extents, pad, stack_scale


def index(height: int, width: int, size: tuple[int, int]) -> pd.DataFrame:
    sides = {"height": [height], "width": [width]}
    return pd.DataFrame(sides | {"stack_height": [size[0]], "stack_width": [size[1]]})


@given(st.integers(1, 99), st.integers(1, 99))
def test_padding_begins_where_the_mask_says(height: int, width: int) -> None:
    image, mask = np.zeros((height, width, 1), np.uint8), np.zeros((height, width), np.uint8)
    _, padded = pad(image, mask, (32, 48))
    real = padded != IGNORE
    found = extents(index(height, width, (32, 48)), "pad").iloc[0]
    assert found["height"] == real.any(axis=1).sum()
    assert found["width"] == real.any(axis=0).sum()


def test_a_stretched_image_has_no_padding() -> None:
    assert extents(index(9, 7, (32, 48)), "stretch").iloc[0].tolist() == [32, 48]


def test_the_scale_of_a_stack_by_hand() -> None:
    stretched = pd.concat([index(64, 96, (32, 48)), index(64, 96, (32, 48)), index(8, 6, (32, 48))])
    assert stack_scale(stretched.reset_index(drop=True), "stretch") == (0.5, 0.5)
    assert stack_scale(index(64, 48, (32, 48)), "stretch") == (0.5, 1.0)
    assert stack_scale(index(64, 48, (32, 48)), "pad") == (0.5, 0.5)
    assert stack_scale(index(20, 30, (32, 48)), "pad") == (1.0, 1.0)


def test_the_scale_of_tiles_is_that_of_the_images_that_were_cut() -> None:
    tiles = pd.DataFrame(
        {
            "source_id": ["a", "a", "b"],
            "tile_y": [0, 32, 0],
            "tile_x": 0,
            "height": [32, 18, 25],
            "width": [40, 40, 32],
            "source_height": [100, 100, 50],  # 50 rows of 100, 25 of 50
            "source_width": [80, 80, 64],
            "stack_height": 32,
            "stack_width": 48,
        }
    )
    assert stack_scale(tiles, "pad") == (0.5, 0.5)
    assert stack_scale(tiles.assign(source_height=[50, 50, 25]), "pad") == (1.0, 0.5)

import base64
from io import BytesIO

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from frugalseg.reporting.overlay import (
    error_map,
    image_uri,
    layer_uri,
    outline,
    paint,
    paint_errors,
    to_rgb,
)
from frugalseg.reporting.palette import HIT


def decode(uri: str) -> Image.Image:
    return Image.open(BytesIO(base64.b64decode(uri.split(",", 1)[1])))


def test_error_map_by_hand() -> None:
    #                          nothing right missed false ignored wrong class
    pred = np.array([[0, 1, 0, 1, 1, 2]], np.uint8)
    target = np.array([[0, 1, 1, 0, 255, 1]], np.uint8)
    assert error_map(pred, target).tolist() == [[0, 1, 2, 3, 0, 2]]
    several = np.stack([pred, target * 0])
    assert error_map(several, target).tolist() == [[[0, 1, 2, 3, 0, 2]], [[0, 2, 2, 0, 0, 2]]]


CLASSES = st.sampled_from([0, 1, 2, 255])


@given(arrays(np.uint8, (4, 5), elements=CLASSES))
def test_the_truth_has_no_errors(target: np.ndarray) -> None:
    errors = error_map(np.where(target == 255, 1, target).astype(np.uint8), target)
    assert set(np.unique(errors)) <= {0, 1}
    assert (errors == 1).sum() == ((target > 0) & (target < 255)).sum()


def test_outline_is_the_border_inside() -> None:
    mask = np.zeros((5, 5), np.uint8)
    mask[1:4, 1:4] = 1
    mask[0] = 255
    expected = np.zeros((5, 5), bool)
    expected[1:4, 1:4] = True
    expected[2, 2] = False
    np.testing.assert_array_equal(outline(mask), expected)


def test_paint_blends() -> None:
    image = np.full((1, 2, 3), 100, np.uint8)
    painted = paint(image, np.array([[True, False]]), (200, 0, 100), 0.5)
    assert painted.tolist() == [[[150, 50, 100], [100, 100, 100]]]


def test_errors_are_painted_over_gray_images() -> None:
    image = np.zeros((1, 2, 1), np.uint8)
    painted = paint_errors(image, np.array([[1, 0]], np.uint8))
    assert painted[0, 0].tolist() == [round(0.75 * channel) for channel in HIT]
    assert painted[0, 1].tolist() == [0, 0, 0]


def test_gray_becomes_color() -> None:
    assert to_rgb(np.full((2, 3, 1), 7, np.uint8)).shape == (2, 3, 3)


def test_layers_keep_value_and_transparency() -> None:
    layer = np.array([[0, 1]], np.uint8)
    picture = decode(layer_uri(layer, [(0, 0, 0, 0), (10, 20, 30, 40)])).convert("RGBA")
    assert [picture.getpixel((0, 0)), picture.getpixel((1, 0))] == [(0, 0, 0, 0), (10, 20, 30, 40)]


def test_photos_keep_their_size() -> None:
    picture = decode(image_uri(np.full((8, 12, 1), 90, np.uint8)))
    assert (picture.format, picture.size) == ("JPEG", (12, 8))

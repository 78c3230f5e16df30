"""What regions cover, by hand and beside scikit-image."""

import base64
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from skimage.draw import ellipse

from frugalseg.core.errors import FrugalsegError
from frugalseg.suggest.brush import encode_mask
from frugalseg.suggest.shapes import region_area


def box(x: float, y: float, width: float, height: float, rotation: float = 0) -> dict[str, float]:
    return {"x": x, "y": y, "width": width, "height": height, "rotation": rotation}


def span(area: np.ndarray) -> tuple[int, int, int, int]:
    """Return left, right, top, bottom of a rectangle, and check that it is one."""
    rows, columns = np.flatnonzero(area.any(1)), np.flatnonzero(area.any(0))
    assert area.sum() == len(rows) * len(columns)
    return columns[0], columns[-1] + 1, rows[0], rows[-1] + 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (box(10, 20, 30, 40), (10, 40, 20, 60)),
        (box(90, 20, 20, 40, 90), (50, 90, 20, 40)),
        (box(90, 60, 20, 40, 180), (70, 90, 20, 60)),
        (box(50, 40, 20, 40, 270), (50, 90, 20, 40)),
        (box(50, 40, 20, 40, -90), (50, 90, 20, 40)),
        (box(10, 20, 30, 40, 360), (10, 40, 20, 60)),
        (box(-5, 90, 20, 40), (0, 15, 90, 100)),
    ],
)
def test_a_rectangle_turns_clockwise_around_its_corner(
    value: dict[str, float], expected: tuple[int, ...]
) -> None:
    assert span(region_area(value, (100, 100))) == expected


def test_turning_is_done_in_pixels_and_not_in_percent() -> None:
    # 20 % of 200 columns are 40 pixels, which point down; 40 % of 100 rows point left
    assert span(region_area(box(90, 20, 20, 40, 90), (100, 200))) == (140, 180, 20, 60)


def test_a_slanted_rectangle_keeps_its_area() -> None:
    area = region_area(box(50, 20, 30, 40, 30), (400, 400))
    assert area.sum() == pytest.approx(120 * 160, rel=0.01)
    center = np.argwhere(area).mean(0) + 0.5
    # from the corner, x = 200 and y = 80: half of the width and half of the height, both turned
    cos, sin = np.cos(np.pi / 6), np.sin(np.pi / 6)
    expected = 80 + 60 * sin + 80 * cos, 200 + 60 * cos - 80 * sin
    assert center == pytest.approx(expected, abs=0.5)


@given(st.floats(20, 80), st.floats(20, 80), st.floats(3, 20), st.floats(3, 20))
def test_an_upright_ellipse_is_that_of_scikit_image(x: float, y: float, a: float, b: float) -> None:
    value = {"x": x, "y": y, "radiusX": a, "radiusY": b, "rotation": 0}
    expected = np.zeros((100, 200), bool)
    expected[ellipse(y - 0.5, 2 * x - 0.5, b, 2 * a, shape=(100, 200))] = True
    assert (region_area(value, (100, 200)) != expected).sum() <= 4  # on the rim: < 1 or <= 1


def test_an_ellipse_turns_clockwise_around_its_center() -> None:
    value = {"x": 50, "y": 50, "radiusX": 40, "radiusY": 5}
    flat, upright = (region_area(value | {"rotation": r}, (100, 100)) for r in (0, 90))
    assert np.array_equal(upright, flat.T)
    rows, columns = np.nonzero(region_area(value | {"rotation": 45}, (100, 100)))
    assert np.corrcoef(rows, columns)[0, 1] > 0.9  # from the upper left to the lower right


def png(area: np.ndarray) -> str:
    pixels = np.zeros((*area.shape, 4), np.uint8)
    pixels[area] = (0, 0, 0, 255)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def test_brush_bitmask_and_polygon_of_one_area() -> None:
    area = np.zeros((10, 20), bool)
    area[2:5, 4:10] = True
    corners = [[20, 20], [50, 20], [50, 50], [20, 50]]
    for value in ({"rle": encode_mask(area)}, {"imageDataURL": png(area)}, {"points": corners}):
        assert np.array_equal(region_area(value, (10, 20)), area)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            {"imageDataURL": "data:image/png;base64,????"},
            "a bitmask cannot be read as a PNG of 4 x 4",
        ),
        ({"imageDataURL": png(np.ones((4, 5), bool))}, "4 x 5 pixels"),
        ({"x": 1, "y": 1, "width": 2}, "a region of width, x, y covers no area. Draw with brush"),
        ({}, "covers no area"),
    ],
)
def test_what_is_no_area_is_told(value: dict[str, Any], message: str) -> None:
    with pytest.raises(FrugalsegError) as error:
        region_area(value, (4, 4))
    assert message in str(error.value)

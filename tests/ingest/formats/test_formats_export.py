"""Areas of polygons and ellipses, and names of classes and splits."""

from typing import Any

import numpy as np
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.formats.export import (
    ellipse,
    named_classes,
    points,
    polygons,
    split_of,
)


def test_polygons_cover_the_pixels_whose_centers_they_hold() -> None:
    square = points([1, 1, 4, 1, 4, 3, 1, 3], "here")
    triangle = points([[0, 4], [1.8, 4], [0, 5.8]], "here")  # x + y - 4 below 1.8
    expected = np.zeros((6, 5), bool)
    expected[1:3, 1:4] = True
    expected[4, 0] = True
    assert np.array_equal(polygons([square, triangle])((6, 5)), expected)


@pytest.mark.parametrize(
    "values",
    [
        [1, 2, 3, 4],
        [1, 2, 3],
        ["a", 1, 2, 3, 4, 5],
        [0] * 5 + [np.nan],
        [[0]] * 6,
        [[0, 1, 2]] * 4,
        [{}],
        5,
    ],
)
def test_what_is_no_polygon_is_told(values: Any) -> None:
    with pytest.raises(FrugalsegError, match=r"here: expected .*corners"):
        points(values, "here")


def test_an_ellipse_covers_the_pixels_whose_centers_it_holds() -> None:
    # around x = 4, y = 3 with radii 3 and 1: (0.5 / 3)^2 + 0.5^2 = 0.28, (2.5 / 3)^2 + 0.5^2 = 0.94
    flat = np.zeros((6, 8), bool)
    flat[2:4, 1:7] = True
    assert np.array_equal(ellipse((4, 3), (3, 1), 0, "here")((6, 8)), flat)
    assert np.array_equal(ellipse((4, 3), (1, 3), 90, "here")((6, 8)), flat)
    # turned by 45 degrees clockwise, its long axis falls to the right: pixels on x - y = 1 are in
    area = ellipse((4, 3), (3, 1), 45, "here")((6, 8))
    assert area[[1, 2, 3, 4], [2, 3, 4, 5]].all()
    assert not area[[1, 4], [5, 2]].any()


@pytest.mark.parametrize("radii", [(0, 1), (-1, 1), (np.nan, 1), (1, np.inf)])
def test_what_is_no_ellipse_is_told(radii: tuple[float, float]) -> None:
    with pytest.raises(FrugalsegError, match="here: expected a center and two radii above 0"):
        ellipse((1, 1), radii, 0, "here")


def test_classes_keep_their_order_and_leave_out_what_is_none() -> None:
    labels = ["crack", "Background", "pit", "void", "crack", "_background_"]
    assert named_classes(labels) == ("crack", "pit")


@pytest.mark.parametrize(
    ("names", "split"),
    [
        (("train", "x"), "train"),
        (("train", "instances_val2017"), "val"),
        (("Validation",), "val"),
        (("test-images",), "test"),
        (("trainer", "contest"), None),
        ((), None),
    ],
)
def test_split_of(names: tuple[str, ...], split: str | None) -> None:
    assert split_of(*names) == split

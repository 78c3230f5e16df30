from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from frugalseg.reporting.figures.areas import area_drawings, bins, draw_areas
from frugalseg.reporting.figures.canvas import NARROW, WIDE, house_style
from frugalseg.reporting.load.study import Study


def test_bins_hold_every_area_and_are_even_on_a_logarithmic_axis() -> None:
    edges = np.array(bins([1, 37, 1000]))
    assert edges[0] <= 1
    assert edges[-1] > 1000
    np.testing.assert_allclose(np.diff(np.log10(edges)), 1 / 6)


def test_bins_of_one_area_span_a_factor_of_ten() -> None:
    edges = bins([50])
    assert edges[-1] / edges[0] == pytest.approx(10)
    assert edges[0] < 50 < edges[-1]


def test_the_drawing_keeps_every_defect(study: Study) -> None:
    drawing = next(area_drawings(study))
    masks = np.asarray(study.masks)
    assert drawing.data["area"].sum() == ((masks > 0) & (masks < 255)).sum()
    assert "24 defects" in drawing.alt


def test_without_a_defect_there_is_no_drawing(study: Study) -> None:
    assert list(area_drawings(replace(study, masks=np.zeros_like(study.masks)))) == []


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_panel_a_class_in_the_order_of_the_classes(width: float) -> None:
    defects = pd.DataFrame({"image_id": "a", "class": list("bbacc"), "area": [5, 7, 100, 1, 2]})
    with house_style():
        figure = draw_areas(defects, ["a", "b", "c", "never"], width)
    assert [ax.get_title("left") for ax in figure.axes] == ["a (1)", "b (2)", "c (2)"]
    heights = [sum(bar.get_height() for bar in ax.patches) for ax in figure.axes]  # type: ignore[attr-defined]
    assert heights == [1, 2, 2]

from dataclasses import replace

import numpy as np
import pytest

from frugalseg.reporting.figures.canvas import NARROW, WIDE, house_style
from frugalseg.reporting.figures.growth import areas, as_painted, colored, growth_drawings
from frugalseg.reporting.load.samples import Watched, WatchedImage
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import LIGHT, css_variables

TRUTH = np.array([[1, 1, 0, 255], [2, 0, 0, 255]], np.uint8)
PREDS = np.stack([np.zeros((2, 4)), np.ones((2, 4)), TRUTH.clip(0, 2)]).astype(np.uint8)
IMAGE = WatchedImage("i", np.full((2, 4, 1), 100, np.uint8), TRUTH, PREDS)
WATCHED = Watched(0, 2, (10, 20, 30), (IMAGE,))


def test_areas_are_shares_of_the_labeled_pixels() -> None:
    table = areas(WATCHED, ("pit", "rust"))
    pit = table[table["class"] == "pit"]
    assert pit["step"].tolist() == [10, 20, 30]
    assert pit["share"].tolist() == pytest.approx([0, 1, 2 / 6])
    assert pit["truth"].tolist() == pytest.approx([2 / 6] * 3)
    assert table.loc[table["class"] == "rust", "truth"].iloc[0] == pytest.approx(1 / 6)


def test_classes_are_painted_and_what_is_not_labeled_is_not() -> None:
    found = colored(np.full((2, 4, 1), 100, np.uint8), TRUTH)
    assert found[0, 0].tolist() == [30, 95, 138]  # 0.3 of 100 and 0.7 of #005d9a
    assert found[0, 3].tolist() == found[0, 2].tolist() == [100, 100, 100]
    assert found[1, 0].tolist() != found[0, 0].tolist()


@pytest.mark.parametrize(("width", "pictures"), [(WIDE, 4), (NARROW, 3)])
def test_a_figure_an_arm_that_was_watched(study: Study, width: float, pictures: int) -> None:
    card = {**study.card, "classes": ["<b>", "rust"]}
    (drawing,) = growth_drawings(replace(study, card=card, watched={"random": WATCHED}))
    assert drawing.tab == "random"
    assert "<b> 33% of the pixels, 33% in truth" in drawing.alt
    with house_style():
        figure = drawing.draw(width)
    assert len(figure.axes) == pictures
    assert [figure.axes[k].get_title("left") for k in (0, -1)] == ["10", "truth"]


def test_without_watching_nothing_is_drawn(study: Study) -> None:
    assert not list(growth_drawings(study))


@pytest.mark.parametrize("color", LIGHT)
def test_a_legend_keeps_the_colors_of_the_pictures_in_every_theme(color: str) -> None:
    themed = {one for pair in css_variables().values() for one in pair}
    assert color in themed
    assert as_painted(color) not in themed
    assert abs(int(as_painted(color)[1:], 16) - int(color[1:], 16)) == 1

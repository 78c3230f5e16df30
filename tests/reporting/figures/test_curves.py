from dataclasses import replace

import pytest

from frugalseg.reporting.figures.canvas import NARROW, WIDE, house_style
from frugalseg.reporting.figures.curves import curve_drawings
from frugalseg.reporting.load.study import Study


def test_one_figure_a_cost_axis(study: Study) -> None:
    found = list(curve_drawings(study))
    assert [d.name for d in found] == ["curve-images", "curve-pixels", "curve-time", "curve-price"]
    assert len({d.tab for d in found}) == 4


def test_alternative_text_has_every_mean(study: Study) -> None:
    alt = next(curve_drawings(study)).alt
    for mean in study.curve.query("metric == 'dice'")["mean"]:
        assert f"{mean:.3f}" in alt


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_what_is_drawn(study: Study, width: float) -> None:
    with house_style():
        figure = next(curve_drawings(study)).draw(width)
    ax = figure.axes[0]
    names = {text.get_text() for text in ax.texts}
    assert names == (set(study.arms) if width == WIDE else set())
    # The fully labeled arm lies at 20 images: it is a band, and does not stretch the axis.
    left, right = ax.get_xlim()
    assert left == 0
    assert 6 * 1.07 <= right < 7.5


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_marks_that_cost_nothing_are_drawn_whole(study: Study, width: float) -> None:
    free = study.curve.assign(
        images=study.curve["images"].where(study.curve["arm"] != "initial", 0)
    )
    with house_style():
        figure = next(curve_drawings(replace(study, curve=free))).draw(width)
        figure.canvas.draw()
    ax = figure.axes[0]
    border = ax.transData.transform((0, 0.5))[0] - ax.get_window_extent().x0
    assert border > 4 * figure.dpi / 72  # more than half a mark, which is 7 points wide


def test_a_study_of_full_arms_only_has_bands(study: Study) -> None:
    only = study.scores[study.scores["arm"] == "full"]
    full = replace(study, scores=only, curve=study.curve[study.curve["arm"] == "full"])
    with house_style():
        ax = next(curve_drawings(full)).draw(WIDE).axes[0]
    assert len(ax.get_xticks()) == 0


def test_caption_of_one_seed_promises_no_interval(study: Study) -> None:
    one = replace(study, scores=study.scores[study.scores["seed"] == 0])
    assert "no interval" in next(curve_drawings(one)).caption
    assert "95% interval" in next(curve_drawings(study)).caption


def test_published_values_are_drawn_and_written(study: Study) -> None:
    entry = {"name": "Dice", "source": "A 2020", "value": 0.99, "metric": "dice", "arm": "random"}
    shown = replace(study, params={**study.params, "published": [entry]})
    drawing = next(curve_drawings(shown))
    rows = drawing.data[drawing.data["seed"] == "published"]
    assert rows[["arm", "labeled images", "value"]].to_numpy().tolist() == [["random", 6, 0.99]]
    assert "hollow diamond" in drawing.caption
    assert "hollow diamond" not in next(curve_drawings(study)).caption
    with house_style():
        ax = drawing.draw(WIDE).axes[0]
    assert ax.get_ylim()[1] > 0.99

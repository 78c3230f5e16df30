from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from matplotlib.figure import Figure

from frugalseg.reporting.emphasis import load_headline
from frugalseg.reporting.figures.canvas import NARROW, WIDE, house_style
from frugalseg.reporting.figures.headline import headline_drawings
from frugalseg.reporting.load.study import Study
from tests.reporting.plan import planned

LONG = "predicted_foreground_random_warm"


def draw(study: Study, width: float) -> Figure:
    with house_style():
        figure = next(headline_drawings(study)).draw(width)
        figure.draw_without_rendering()
    return figure


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_text_overlaps_or_is_cut_off(study: Study, width: float) -> None:
    names = {"random": LONG, "mean_teacher": "x" * 40}
    tables = {
        name: getattr(planned(study), name).replace({"arm": names, "a": names, "b": names})
        for name in ("scores", "curve", "contrasts")
    }
    arms = {
        names.get(arm, arm): {**spec, "start": names.get(spec.get("start"), spec.get("start"))}
        for arm, spec in study.params["arms"].items()
    }
    figure = draw(replace(study, **tables, params={**study.params, "arms": arms}), width)
    ax = figure.axes[0]
    texts = [text for text in ax.texts if text.get_text()]
    boxes = {t.get_text(): t.get_window_extent() for t in (*texts, ax.xaxis.label, ax.yaxis.label)}
    page = figure.bbox.padded(1)
    cut = [t for t, b in boxes.items() if not (page.contains(*b.min) and page.contains(*b.max))]
    assert not cut
    assert not any(one.overlaps(other) for one, other in combinations(boxes.values(), 2))


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_what_is_emphasized_is_named_and_the_rest_is_gray(study: Study, width: float) -> None:
    shown = planned(study)
    figure = draw(shown, width)
    words = " ".join(text.get_text().replace("\n", " ") for text in figure.axes[0].texts)
    for name in ("full", "random", "mean_teacher", "initial", "−0.100 worse", "+0.040 better"):
        assert name in words
    places = [list(shown.arms).index(arm) for arm in shown.arms if arm not in words]
    gray = {line.get_gid() for line in figure.axes[0].lines if line.get_gid()}
    assert gray == {f"{part}-{place}" for part in ("line", "mark") for place in places}


def test_an_arm_far_away_is_named_below_the_axis(study: Study) -> None:
    far = study.curve["mean"].where(study.curve["arm"] != "mean_teacher", 0.01)
    figure = draw(replace(study, curve=study.curve.assign(mean=far)), WIDE)
    assert "not in view: mean_teacher 0.010" in figure.axes[0].get_xlabel()
    assert figure.axes[0].get_ylim()[0] > 0.1
    curve = study.curve.assign(mean=far)
    alone = draw(replace(study, curve=curve[curve["arm"] != "entropy"]), WIDE)
    assert "not in view: mean_teacher 0.010" in alone.axes[0].get_xlabel()


def test_all_arms_are_in_view_where_most_lie_far_away(study: Study) -> None:
    others = ~study.curve["arm"].isin(["full", "random", "initial"])
    far = study.curve["mean"].where(~others, 0.01)
    figure = draw(replace(study, curve=study.curve.assign(mean=far)), WIDE)
    assert "not in view" not in figure.axes[0].get_xlabel()
    assert figure.axes[0].get_ylim()[0] <= 0.01


def test_equal_arms_do_not_fill_the_axis(study: Study) -> None:
    same = study.curve.assign(mean=0.8, ci_low=0.7999, ci_high=0.8001)
    low, high = draw(replace(study, curve=same), WIDE).axes[0].get_ylim()
    shown = load_headline(study)
    assert shown is not None
    assert high - low == pytest.approx(shown.least)


def test_no_score_no_figure(study: Study) -> None:
    empty = replace(study, curve=study.curve.assign(mean=float("nan")))
    assert not list(headline_drawings(empty))


def test_the_forecast_is_drawn_up_to_twice_the_labels(study: Study) -> None:
    ended = replace(study, curve=study.curve.assign(fraction=1.0))
    drawing = next(headline_drawings(ended))
    assert "Dashed: the forecast of random and its 90% interval." in drawing.caption
    (ax,) = draw(ended, WIDE).axes
    shown = load_headline(ended)
    assert shown is not None
    assert shown.forecast is not None
    drawn = [np.asarray(line.get_xydata()).tolist() for line in ax.lines]
    assert shown.forecast[["x", "score"]].to_numpy().tolist() in drawn
    assert ax.get_xlim()[1] > shown.forecast["x"].max()
    assert "Dashed" not in next(headline_drawings(study)).caption

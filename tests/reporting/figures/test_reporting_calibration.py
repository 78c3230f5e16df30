import pytest

from frugalseg.reporting.figures.calibration import METRICS, calibration_drawings
from frugalseg.reporting.figures.canvas import NARROW, house_style
from frugalseg.reporting.load.study import Study
from tests.reporting.calibrated import calibrated


def test_every_metric_is_drawn_for_every_arm(study: Study) -> None:
    found = list(calibration_drawings(calibrated(study)))
    assert [drawing.name for drawing in found] == [
        f"calibration-{metric.replace('_', '-')}" for metric in METRICS
    ]
    assert len({drawing.tab for drawing in found}) == len(METRICS)
    for drawing in found:
        assert set(drawing.data["arm"]) == set(study.arms)
        assert "lower is better" in drawing.caption
        assert "random: " in drawing.alt


def test_means_are_those_of_the_scores(study: Study) -> None:
    made = calibrated(study)
    data = next(calibration_drawings(made)).data
    last = data[(data["arm"] == "random") & (data["round"] == 2) & (data["seed"] == "mean")]
    rows = made.scores.query("arm == 'random' and round == 2 and metric == 'ece_15'")
    assert last["value"].item() == pytest.approx(rows["value"].mean())


def test_a_figure_can_be_drawn(study: Study) -> None:
    with house_style():
        figure = next(calibration_drawings(calibrated(study))).draw(NARROW)
    assert figure.axes[0].get_ylabel() == "ECE, 15 bins"


def test_without_scores_nothing_is_drawn(study: Study) -> None:
    assert not list(calibration_drawings(study))

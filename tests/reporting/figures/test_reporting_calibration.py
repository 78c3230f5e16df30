from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from frugalseg.metrics.calibration import histograms
from frugalseg.metrics.tables import calibration_table
from frugalseg.reporting.figures.calibration import (
    METRICS,
    calibration_drawings,
    reliability,
    reliability_drawings,
)
from frugalseg.reporting.figures.canvas import NARROW, WIDE, house_style
from frugalseg.reporting.figures.figures import draw
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.page.page import render
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


def rows(round_: int, seed: int, foreground: list[float], target: list[int]) -> pd.DataFrame:
    ones = np.array(foreground, np.float32)
    sums = histograms(np.stack([1 - ones, ones], axis=1), np.array(target, np.uint8))
    table = calibration_table(np.stack([sums, sums]), 1.0)
    return table.assign(arm="a", seed=seed, round=round_)


def test_bins_by_hand_of_the_last_round_alone() -> None:
    calibration = pd.concat(
        [
            rows(0, 0, [0.5], [1]),
            rows(1, 0, [0.92, 0.9, 0.1], [1, 0, 0]),
            rows(1, 1, [0.88], [1]),
        ]
    )
    table = reliability(calibration, "foreground").query("scaling == 'none'")
    pooled = table[table["seed"] == "all"].set_index("bin")
    # 0.88, 0.9 and 0.92 lie in [13, 14) / 15; two of the three are foreground
    assert pooled["count"].to_dict() == {1: 1, 13: 3}
    assert pooled.loc[13, "confidence"] == pytest.approx(0.9)
    assert pooled.loc[13, "correct"] == pytest.approx(2 / 3)
    assert table[table["seed"] == "1"]["count"].tolist() == [1]


@pytest.mark.parametrize(("width", "columns"), [(WIDE, 4), (NARROW, 2)])
def test_a_panel_an_arm(study: Study, width: float, columns: int) -> None:
    drawing = next(reliability_drawings(calibrated(study)))
    with house_style():
        figure = drawing.draw(width)
    grid = figure.axes[0].get_gridspec()
    assert grid is not None
    assert grid.ncols == columns
    assert [ax.get_title(loc="left") for ax in figure.axes if ax.axison] == list(study.arms)
    # logits twice as large as they should be: too sure of both classes
    assert "; random +" in drawing.alt


def test_without_histograms_no_diagram_is_drawn(study: Study) -> None:
    assert not list(reliability_drawings(study))


def test_the_page_shows_it(study: Study, tmp_path: Path) -> None:
    figures, tempered = tmp_path / "figures", calibrated(study)
    draw(reliability_drawings(tempered), figures)
    render(tempered, figures, tmp_path / "index.html")
    page = (tmp_path / "details.html").read_text("utf-8")
    assert 'href="#calibration"' in page
    assert "Reliability: foreground" in page
    assert "ECE, 15 bins, tempered" in page

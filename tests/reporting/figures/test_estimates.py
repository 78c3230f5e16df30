from dataclasses import replace

import numpy as np
import pytest

from frugalseg.reporting.figures.canvas import NARROW, WIDE, house_style
from frugalseg.reporting.figures.estimates import estimate_drawings, estimates
from frugalseg.reporting.load.study import Study


def test_estimates_join_rows_with_their_seeds(study: Study) -> None:
    for estimate, row in zip(estimates(study), study.contrasts.to_dict("records"), strict=True):
        assert np.mean(estimate.pairs.differences) == pytest.approx(row["difference"])
        assert estimate.row["verdict"] == row["verdict"]


def test_data_has_a_row_a_pair(study: Study) -> None:
    data = next(estimate_drawings(study)).data
    assert len(data) == 4 * 5
    assert (data["value_a"] - data["value_b"]).to_numpy() == pytest.approx(data["difference"])


def test_alternative_text_says_what_was_found(study: Study) -> None:
    alt = next(estimate_drawings(study)).alt
    assert "entropy minus random, Dice" in alt
    assert "over 5 seeds" in alt


@pytest.mark.parametrize(("width", "panels"), [(WIDE, 2), (NARROW, 1)])
def test_panels(study: Study, width: float, panels: int) -> None:
    with house_style():
        figure = next(estimate_drawings(study)).draw(width)
    assert len(figure.axes) == panels
    assert len(figure.axes[0].texts) == 4


def test_the_interval_for_new_images_has_a_legend(study: Study) -> None:
    def legends(study: Study) -> list[list[str]]:
        with house_style():
            figure = next(estimate_drawings(study)).draw(WIDE)
        return [[text.get_text() for text in legend.get_texts()] for legend in figure.legends]

    assert legends(study) == [["further seeds, these test images", "new images too"]]
    assert legends(replace(study, further={})) == []


def test_the_margin_lies_on_the_worse_side(study: Study) -> None:
    def margins(metric: str) -> list[float]:
        contrasts = study.contrasts.iloc[[1]].assign(metric=metric)
        with house_style():
            ax = next(estimate_drawings(replace(study, contrasts=contrasts))).draw(NARROW).axes[0]
        ends = [np.asarray(p.vertices) for drawn in ax.collections for p in drawn.get_paths()]
        return [float(end[0, 0]) for end in ends if end[0, 0] == end[1, 0]]

    assert margins("dice") == [-0.02]
    assert margins("image_fpr") == [0.02]


def test_no_contrast_no_figure(study: Study) -> None:
    assert not list(estimate_drawings(replace(study, contrasts=study.contrasts.iloc[:0])))

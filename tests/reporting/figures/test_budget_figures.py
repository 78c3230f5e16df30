from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.markers import CARETLEFTBASE, CARETRIGHTBASE

from frugalseg.reporting.figures.budget_figures import area_estimates, budget_drawings, draw_labels
from frugalseg.reporting.figures.canvas import NARROW, WIDE, house_style
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import style_arms

LABELS = pd.DataFrame(
    [
        ("random", 0, 0.2, "reached"),
        ("random", 1, 0.3, "reached"),
        ("random", 2, 0.4, "never"),
        ("entropy", 0, 0.1, "from the start"),
        ("entropy", 1, float("nan"), "no target"),
        ("full", 0, 1.0, "from the start"),
    ],
    columns=["arm", "seed", "labels", "state"],
)


def test_both_headline_figures_are_drawn(study: Study) -> None:
    found = {drawing.name: drawing for drawing in budget_drawings(study)}
    assert list(found) == ["labels-to-goal", "budget-areas"]
    for drawing in found.values():
        for width in (WIDE, NARROW):
            with house_style():
                drawing.draw(width).canvas.draw()


def test_areas_of_the_seeds_give_the_numbers_of_the_table(study: Study) -> None:
    table = study.table("budgets")
    found = area_estimates(study)
    assert len(found) == len(table) > 0
    for estimate, row in zip(found, table.to_dict("records"), strict=True):
        assert estimate.pairs.differences.mean() == pytest.approx(row["area_difference"])
        assert estimate.pairs.a.mean() == pytest.approx(row["area_a"])


def test_what_is_not_known_is_an_arrow(study: Study) -> None:
    shown = replace(study, further={**study.further, "labels": LABELS})
    drawing = next(budget_drawings(shown))
    assert set(drawing.data["arm"]) == {"random", "entropy"}
    assert "random: 0 seeds there with the first labels, 2 later, median 25%, 1 not" in drawing.alt
    styles = style_arms(["random", "entropy"], [])
    with house_style():
        ax = draw_labels(drawing.data, styles, WIDE).axes[0]
    drawn = {
        (line.get_marker(), float(x)) for line in ax.lines for x in np.atleast_1d(line.get_xdata())
    }
    assert {(CARETRIGHTBASE, 0.4), (CARETLEFTBASE, 0.1), (styles["random"].marker, 0.2)} <= drawn


def test_without_a_full_arm_there_is_nothing_to_count_to(study: Study) -> None:
    none = {**study.further, "labels": pd.DataFrame(columns=["arm"]), "budgets": pd.DataFrame()}
    assert not list(budget_drawings(replace(study, further=none)))

from dataclasses import replace

import pandas as pd
import pytest

from frugalseg.reporting.figures.budget_figures import area_estimates, budget_drawings
from frugalseg.reporting.figures.canvas import NARROW, WIDE, house_style
from frugalseg.reporting.load.study import Study


def test_areas_are_drawn(study: Study) -> None:
    (drawing,) = budget_drawings(study)
    assert drawing.name == "budget-areas"
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


def test_without_a_contrast_of_curves_nothing_is_drawn(study: Study) -> None:
    none = {**study.further, "budgets": pd.DataFrame()}
    assert not list(budget_drawings(replace(study, further=none)))

from dataclasses import replace

import pandas as pd
import pytest

from frugalseg.reporting.figures.canvas import NARROW, WIDE, house_style
from frugalseg.reporting.figures.progress import POINTS, progress, training_drawings
from frugalseg.reporting.load.study import Study


def history(number: int, steps: int) -> pd.DataFrame:
    table = pd.DataFrame({"step": range(1, steps + 1), "loss": range(steps)})
    return table.assign(arm="a", seed=0, round=number)


def test_rounds_follow_each_other() -> None:
    curves = progress(pd.concat([history(1, 3), history(2, 2)]), "loss")
    assert curves["total"].tolist() == [1, 2, 3, 4, 5]
    assert curves["value"].tolist() == [0, 1, 2, 0, 1]


def test_long_histories_are_averaged() -> None:
    curves = progress(history(0, 10 * POINTS), "loss")
    assert len(curves) == POINTS
    assert curves["value"].iloc[0] == pytest.approx(4.5)


def test_steps_without_a_value_are_left_out(study: Study) -> None:
    curves = progress(study.histories, "val_dice")
    assert set(curves["step"]) == {10, 20, 30, 40, 50, 60}


@pytest.mark.parametrize(("width", "columns"), [(WIDE, 3), (NARROW, 2)])
def test_a_panel_an_arm(study: Study, width: float, columns: int) -> None:
    with house_style():
        figure = next(training_drawings(study)).draw(width)
    grid = figure.axes[0].get_gridspec()
    assert grid is not None
    assert grid.ncols == columns
    assert [ax.get_title(loc="left") for ax in figure.axes if ax.axison] == list(study.arms)


def test_no_history_no_figure(study: Study) -> None:
    assert not list(training_drawings(replace(study, histories=study.histories.iloc[:0])))
    bare = study.histories[["arm", "seed", "round", "step"]]
    assert not list(training_drawings(replace(study, histories=bare)))

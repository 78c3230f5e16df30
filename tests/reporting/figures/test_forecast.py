from dataclasses import replace

import numpy as np
import pandas as pd

from frugalseg.reporting.figures.canvas import NARROW, WIDE, house_style
from frugalseg.reporting.figures.forecast import draw_forecast, forecast_drawings
from frugalseg.reporting.load.study import Study


def test_a_curve_is_dashed_beyond_its_last_labels(study: Study) -> None:
    (drawing,) = (d for d in forecast_drawings(study) if d.tab == "random")
    rows = study.table("forecast")
    last = rows.loc[(rows["arm"] == "random") & (rows["part"] == "measured"), "images"].max()
    with house_style():
        for width in (WIDE, NARROW):
            (ax,) = drawing.draw(width).axes
            dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
            assert ax.get_xscale() == "log"
            assert [float(np.min(line.get_xdata())) for line in dashed] == [last]
    assert "Dice" in drawing.alt


def test_targets_end_in_an_arrow_where_no_end_is_known(study: Study) -> None:
    rows = study.table("forecast")
    rows = rows[rows["arm"] == "random"]
    far = rows["images"].max()
    targets = pd.DataFrame(
        [("takes", 0.9, far / 2, far / 4, far), ("takes at least", 0.95, np.inf, far / 4, np.inf)],
        columns=["state", "target", "images", "images_low", "images_high"],
    )
    with house_style():
        (ax,) = draw_forecast(rows, targets, study.styles["random"], "Dice", WIDE).axes
    marks = [line.get_marker() for line in ax.lines]
    assert marks.count(">") == 1
    assert {"0.9", "0.95"} <= {text.get_text() for text in ax.texts}


def test_without_a_forecast_there_is_no_figure(study: Study) -> None:
    further = {**study.further, "forecast": pd.DataFrame()}
    assert not list(forecast_drawings(replace(study, further=further)))

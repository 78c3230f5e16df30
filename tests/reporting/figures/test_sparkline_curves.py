from dataclasses import replace

import numpy as np

from frugalseg.reporting.figures.canvas import NARROW, house_style
from frugalseg.reporting.figures.curves import sparkline_drawings
from frugalseg.reporting.load.study import Study


def test_chart_has_a_level_line_for_the_full_arm(study: Study) -> None:
    drawing = next(sparkline_drawings(study))
    with house_style():
        ax = drawing.draw(NARROW).axes[0]
    full = study.curve.query("arm == 'full' and metric == 'dice'")["mean"].iloc[0]
    assert [full, full] in [np.asarray(line.get_ydata()).tolist() for line in ax.lines]
    assert f"full {full:.3f}" in drawing.alt


def test_no_score_no_chart(study: Study) -> None:
    assert not list(sparkline_drawings(replace(study, curve=study.curve.assign(mean=float("nan")))))

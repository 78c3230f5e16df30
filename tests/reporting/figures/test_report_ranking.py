from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from frugalseg.reporting.figures.ranking import draw_ranking, ranking_drawings, ranking_section
from frugalseg.reporting.load.study import Study

ROWS = pd.DataFrame(
    {
        "metric": "dice",
        "arm": ["full", "entropy", "random", "initial"],
        "mean_rank": [1.0, 2.2, 2.8, 4.0],
        "groups": ["1", "1 2", "1 2", "2"],
        "n": 5,
        "missing": "",
        "statistic": 14.0,
        "p": 0.003,
        "smallest_p": 0.0018,
        "critical_difference": 2.1,
    }
)


def said(study: Study, **changes: Any) -> str:
    further = {**study.further, "ranking": ROWS.assign(**changes)}
    section = ranking_section(replace(study, further=further))
    assert section is not None
    return " ".join(section.sentences)


def test_friedman_in_words(study: Study) -> None:
    assert "p = 0.003, the arms’ ranks differ at 5%" in said(study)
    assert "are not shown to differ" in said(study, p=0.3)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"smallest_p": 0.135, "n": 2}, "cannot fall below p = 0.14, whatever the data"),
        ({"p": float("nan"), "n": 1}, "cannot be tested"),
        ({"critical_difference": 3.2}, "no pair can be told apart"),
        ({"missing": "seed 3: no score of full"}, "Left out: seed 3: no score of full."),
    ],
)
def test_what_too_few_seeds_cannot_show_is_said(
    study: Study, changes: dict[str, Any], words: str
) -> None:
    assert words in said(study, **changes)


def test_bars_join_the_arms_that_are_not_told_apart(study: Study) -> None:
    figure = draw_ranking(ROWS, study.styles, 7.2)
    bars: list[Any] = [c for c in figure.axes[0].collections if np.ravel(c.get_linewidth())[0] > 3]
    spans = [bar.get_paths()[0].vertices[:, 0] for bar in bars]
    np.testing.assert_allclose(spans, [[0.96, 2.84], [2.16, 4.04]])
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == list(ROWS["arm"])


def test_the_diagram_is_drawn_only_where_arms_are_ranked(study: Study) -> None:
    assert [drawing.name for drawing in ranking_drawings(study)] == ["ranking"]
    assert list(ranking_drawings(replace(study, further={}))) == []
    assert ranking_section(replace(study, further={})) is None

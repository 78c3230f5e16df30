from collections.abc import Callable

import pandas as pd
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.statistics.score_table import budget_curve, select_scores

MakeScores = Callable[..., pd.DataFrame]


def test_rows_come_sorted_by_arm_seed_and_round(make_scores: MakeScores) -> None:
    scores = make_scores({"b": {1: [(0.1, 0.3)], 0: [(0.1, 0.2)]}, "a": {0: [(0.1, 0.1)]}})
    assert select_scores(scores, "dice")["value"].tolist() == [0.1, 0.2, 0.3]


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("metric", "iou", "no metric 'dice'. Known: iou"),
        ("threshold", "half", "no threshold 'validation'. Known: half"),
        ("class", "pit", "no class 'all'. Known: pit"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(
    make_scores: MakeScores, column: str, value: str, message: str
) -> None:
    scores = make_scores({"a": {0: [(0.1, 0.1)]}}).assign(**{column: value})
    with pytest.raises(FrugalsegError, match=message):
        select_scores(scores, "dice")


def test_a_missing_column_is_named(make_scores: MakeScores) -> None:
    scores = make_scores({"a": {0: [(0.1, 0.1)]}}).drop(columns="fraction")
    with pytest.raises(FrugalsegError, match="missing: fraction"):
        select_scores(scores, "dice")


def test_a_run_that_is_there_twice_is_refused(make_scores: MakeScores) -> None:
    once = make_scores({"a": {0: [(0.1, 0.1)], 7: [(0.1, 0.1)]}})
    with pytest.raises(FrugalsegError, match="arm 'a', seed 7, round 0"):
        select_scores(pd.concat([once, once[once["seed"] == 7]]), "dice")


def test_the_last_round_with_a_fraction_counts(make_scores: MakeScores) -> None:
    scores = make_scores({"a": {0: [(0.1, 0.2), (0.1, 0.4), (0.2, 0.6)]}})
    curve = budget_curve(select_scores(scores, "dice"))
    assert curve.to_dict() == {0.1: 0.4, 0.2: 0.6}

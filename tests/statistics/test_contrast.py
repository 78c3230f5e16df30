from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.contrast import select_pairs

MakeScores = Callable[..., pd.DataFrame]


def test_final_pairs_the_last_rounds_by_seed(make_scores: MakeScores) -> None:
    scores = make_scores(
        {
            "a": {0: [(0.1, 0.5), (0.2, 0.7)], 1: [(0.1, 0.4), (0.2, 0.6)]},
            "b": {1: [(1.0, 0.8)], 0: [(1.0, 0.9)]},
        }
    )
    pairs = select_pairs(scores, ContrastParams(a="a", b="b"))
    assert pairs.seeds == (0, 1)
    assert pairs.a.tolist() == [0.7, 0.6]
    assert pairs.b.tolist() == [0.9, 0.8]
    assert pairs.missing == ()
    assert pairs.differences.tolist() == [-0.2, -0.2]


def test_a_budget_is_read_off_each_curve_by_linear_interpolation(make_scores: MakeScores) -> None:
    scores = make_scores(
        {"a": {0: [(0.1, 0.5), (0.3, 0.7)]}, "b": {0: [(0.1, 0.4), (0.2, 0.4), (0.3, 0.8)]}}
    )
    pairs = select_pairs(scores, ContrastParams(a="a", b="b", at=0.25))
    np.testing.assert_allclose([pairs.a[0], pairs.b[0]], [0.65, 0.6], rtol=1e-12)


def test_a_curve_that_ends_an_image_short_of_the_budget_still_counts(
    make_scores: MakeScores,
) -> None:
    scores = make_scores({"a": {0: [(0.1, 0.5), (0.297, 0.7)]}, "b": {0: [(0.1, 0.4), (0.3, 0.6)]}})
    assert select_pairs(scores, ContrastParams(a="a", b="b", at=0.3)).a.tolist() == [0.7]


def test_a_budget_outside_the_curve_is_named_and_not_extrapolated(make_scores: MakeScores) -> None:
    scores = make_scores({"a": {0: [(0.1, 0.5), (0.2, 0.7)]}, "b": {0: [(0.1, 0.4), (0.5, 0.6)]}})
    pairs = select_pairs(scores, ContrastParams(a="a", b="b", at=0.4))
    assert pairs.seeds == ()
    assert pairs.missing == ("seed 0: a has labels from 0.1 to 0.2 of the pool, not 0.4",)


def test_every_missing_value_is_named_with_arm_seed_and_reason(make_scores: MakeScores) -> None:
    scores = make_scores(
        {
            "a": {
                0: [(0.1, 0.5), (0.2, 0.7)],
                1: [(0.1, 0.5)],
                2: [(0.1, 0.5), (0.2, float("nan"))],
                4: [(0.1, 0.1), (0.2, 0.2)],
            },
            "b": {0: [(1.0, 0.9)], 1: [(1.0, 0.9)], 2: [(1.0, 0.9)], 3: [(1.0, 0.9)]},
        }
    )
    pairs = select_pairs(scores, ContrastParams(a="a", b="b"), seeds=range(6))
    assert pairs.seeds == (0,)
    assert pairs.missing == (
        "seed 1: a lacks round 1",
        "seed 2: a scored nan",
        "seed 3: a has no score",
        "seed 4: b has no score",
        "seed 5: a has no score",
        "seed 5: b has no score",
    )


def test_a_seed_that_only_a_third_arm_has_is_missing_too(make_scores: MakeScores) -> None:
    one = {0: [(0.1, 0.5)]}
    scores = make_scores({"a": one, "b": one, "c": {9: [(0.1, 0.5)]}})
    assert [text[:6] for text in select_pairs(scores, ContrastParams(a="a", b="b")).missing] == [
        "seed 9"
    ] * 2


def test_an_arm_without_scores_is_refused(make_scores: MakeScores) -> None:
    scores = make_scores({"a": {0: [(0.1, 0.5)]}})
    with pytest.raises(FrugalsegError, match="arm 'b', which has no scores"):
        select_pairs(scores, ContrastParams(a="a", b="b"))


def test_ties_that_arithmetic_broke_are_ties(make_scores: MakeScores) -> None:
    scores = make_scores(
        {"a": {0: [(0.1, 0.3)], 1: [(0.1, 0.2)]}, "b": {0: [(0.1, 0.2)], 1: [(0.1, 0.1)]}}
    )
    first, second = select_pairs(scores, ContrastParams(a="a", b="b")).differences
    assert 0.3 - 0.2 != 0.2 - 0.1
    assert first == second

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.statistics.contrast import Contrast, arm_values, select_pairs

MakeScores = Callable[..., pd.DataFrame]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"b": "a"}, "two different arms"),
        ({"claim": "better"}, "Known: superior, not_worse, equivalent"),
        ({"margin": -0.1}, ">= 0"),
        ({"margin": float("nan")}, ">= 0"),
        ({"claim": "not_worse"}, "needs a margin > 0"),
        ({"claim": "equivalent"}, "needs a margin > 0"),
        ({"at": "last"}, "'final' or a labeled fraction"),
        ({"at": 0.0}, "'final' or a labeled fraction"),
        ({"at": 1.5}, "'final' or a labeled fraction"),
    ],
)
def test_a_contrast_that_makes_no_sense_is_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(FrugalsegError, match=message):
        Contrast(**{"a": "a", "b": "b"} | wrong)


def test_final_pairs_the_last_rounds_by_seed(make_scores: MakeScores) -> None:
    scores = make_scores(
        {
            "a": {0: [(0.1, 0.5), (0.2, 0.7)], 1: [(0.1, 0.4), (0.2, 0.6)]},
            "b": {1: [(1.0, 0.8)], 0: [(1.0, 0.9)]},
        }
    )
    pairs = select_pairs(scores, Contrast("a", "b"))
    assert pairs.seeds == (0, 1)
    assert pairs.a.tolist() == [0.7, 0.6]
    assert pairs.b.tolist() == [0.9, 0.8]
    assert pairs.missing == ()
    assert pairs.differences.tolist() == [-0.2, -0.2]


def test_a_budget_is_read_off_each_curve_by_linear_interpolation(make_scores: MakeScores) -> None:
    scores = make_scores(
        {"a": {0: [(0.1, 0.5), (0.3, 0.7)]}, "b": {0: [(0.1, 0.4), (0.2, 0.4), (0.3, 0.8)]}}
    )
    pairs = select_pairs(scores, Contrast("a", "b", at=0.25))
    np.testing.assert_allclose([pairs.a[0], pairs.b[0]], [0.65, 0.6], rtol=1e-12)


def test_a_curve_that_ends_an_image_short_of_the_budget_still_counts(
    make_scores: MakeScores,
) -> None:
    scores = make_scores({"a": {0: [(0.1, 0.5), (0.297, 0.7)]}, "b": {0: [(0.1, 0.4), (0.3, 0.6)]}})
    assert select_pairs(scores, Contrast("a", "b", at=0.3)).a.tolist() == [0.7]


def test_a_budget_outside_the_curve_is_named_and_not_extrapolated(make_scores: MakeScores) -> None:
    scores = make_scores({"a": {0: [(0.1, 0.5), (0.2, 0.7)]}, "b": {0: [(0.1, 0.4), (0.5, 0.6)]}})
    pairs = select_pairs(scores, Contrast("a", "b", at=0.4))
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
    pairs = select_pairs(scores, Contrast("a", "b"), seeds=range(6))
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
    assert [text[:6] for text in select_pairs(scores, Contrast("a", "b")).missing] == ["seed 9"] * 2


def test_an_arm_without_scores_is_refused(make_scores: MakeScores) -> None:
    scores = make_scores({"a": {0: [(0.1, 0.5)]}})
    with pytest.raises(FrugalsegError, match="arm 'b', of which there are no scores"):
        select_pairs(scores, Contrast("a", "b"))


def test_ties_that_arithmetic_broke_are_ties(make_scores: MakeScores) -> None:
    scores = make_scores(
        {"a": {0: [(0.1, 0.3)], 1: [(0.1, 0.2)]}, "b": {0: [(0.1, 0.2)], 1: [(0.1, 0.1)]}}
    )
    first, second = select_pairs(scores, Contrast("a", "b")).differences
    assert 0.3 - 0.2 != 0.2 - 0.1
    assert first == second


def test_arm_values_keep_the_holes(make_scores: MakeScores) -> None:
    scores = make_scores({"a": {0: [(0.1, 0.5)], 1: [(0.1, 0.6)]}, "b": {1: [(0.1, 0.7)]}})
    table = arm_values(scores, ["b", "a"])
    assert list(table.columns) == ["b", "a"]
    np.testing.assert_array_equal(table.to_numpy(), [[np.nan, 0.5], [0.7, 0.6]])

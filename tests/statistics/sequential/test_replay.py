from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest

from frugalseg.settings.study import ContrastParams, StatisticsParams
from frugalseg.statistics.claim import planned_seeds
from frugalseg.statistics.order import Levels
from frugalseg.statistics.paired import t_test
from frugalseg.statistics.sequential.boundary import nominal_level, overall_p, repeated_interval
from frugalseg.statistics.sequential.looks import Looks
from frugalseg.statistics.sequential.replay import (
    next_seeds,
    replay,
    seeds_given,
    seeds_to_decide,
)
from frugalseg.statistics.summarize import contrast_table
from frugalseg.statistics.verdict import Verdict

MakeScores = Callable[..., pd.DataFrame]
LOOKS = Looks((5, 8, 12, 20))
STATISTICS = StatisticsParams(resamples=99)
SEEDS = range(20)
RNG = np.random.default_rng(0)
BASE = RNG.normal(0.7, 0.03, 20)
NOISE = RNG.normal(0, 0.01, 20)
ARMS = {
    "base": BASE,
    "better": BASE + 0.04 + NOISE,
    "same": BASE + NOISE / 20,
    "near": BASE + 0.0005 + 0.001 * (-1.0) ** np.arange(20),
}
PLAN = [
    ContrastParams(a="better", b="base"),
    ContrastParams(a="same", b="base", margin=0.02),
    ContrastParams(a="near", b="base", margin=0.0005),
]


def scores_of(make_scores: MakeScores, have: Mapping[str, int]) -> pd.DataFrame:
    curves = {
        arm: {seed: [(0.1, float(ARMS[arm][seed]))] for seed in range(n)} for arm, n in have.items()
    }
    return make_scores(curves)


def table_of(scores: pd.DataFrame, plan: list[ContrastParams] = PLAN, **given: int) -> pd.DataFrame:
    return contrast_table(
        scores,
        plan,
        STATISTICS,
        rng=np.random.default_rng(0),
        seeds=SEEDS,
        looks=LOOKS,
        seeds_of=given or None,
    )


def test_a_study_that_is_run_look_by_look(make_scores: MakeScores) -> None:
    have = dict.fromkeys(ARMS, 5)
    tables = []
    for _ in LOOKS.seeds:
        tables.append(table_of(scores_of(make_scores, have)))
        have = next_seeds(tables[-1], LOOKS, have, {})
    first, *_, last = tables
    assert first["decided"].tolist() == [True, True, False]
    assert last["verdict"].tolist() == [Verdict.BETTER, Verdict.SAME, Verdict.UNDECIDED]
    assert last["look"].tolist() == [5, 5, 20]
    # the arms of decided contrasts got no further seeds, and their rows have not changed
    assert have == {"base": 20, "near": 20, "better": 5, "same": 5}
    pd.testing.assert_frame_equal(
        last.drop(columns=["reason", "p_bh"]).iloc[:2],
        first.drop(columns=["reason", "p_bh"]).iloc[:2],
    )


def test_later_seeds_make_a_decided_estimate_better_and_keep_its_verdict(
    make_scores: MakeScores,
) -> None:
    row = table_of(scores_of(make_scores, dict.fromkeys(ARMS, 20))).iloc[0]
    differences = np.round(ARMS["better"] - BASE, 12)
    assert (row["look"], row["n"], row["verdict"]) == (5, 20, Verdict.BETTER)
    assert row["difference"] == pytest.approx(differences.mean())
    last = len(LOOKS.seeds) - 1
    np.testing.assert_allclose(
        row[["ci_low", "ci_high"]].astype(float), repeated_interval(differences, last, LOOKS)
    )
    first = t_test(differences[:5])
    assert row["p_claim"] == pytest.approx(overall_p(first, 0, LOOKS, sides=2))
    assert "5 paired seeds" in row["reason"]


def test_a_claim_that_waits_for_another_is_shown_when_that_is(make_scores: MakeScores) -> None:
    slow = 0.0085 + np.where(np.arange(20) < 8, 3, 0.5) * NOISE
    curves = {
        arm: {seed: [(0.1, float(value))] for seed, value in enumerate(values)}
        for arm, values in (ARMS | {"slow": BASE + slow}).items()
    }
    scores = make_scores(curves)
    plan = [ContrastParams(a="slow", b="base"), ContrastParams(a="better", b="base")]
    statistics = StatisticsParams(resamples=99, order="fixed")
    table = contrast_table(
        scores, plan, statistics, rng=np.random.default_rng(0), seeds=SEEDS, looks=LOOKS
    )
    assert table["verdict"].tolist() == [Verdict.BETTER, Verdict.BETTER]
    assert table["look"].nunique() == 1  # the second could not be shown before the first
    assert table["look"].iloc[0] > 5


def test_before_the_first_look(make_scores: MakeScores) -> None:
    table = table_of(scores_of(make_scores, dict.fromkeys(ARMS, 3)))
    assert table["look"].isna().all()
    assert table["verdict"].tolist() == [Verdict.UNDECIDED] * 3
    assert table["n"].tolist() == [3] * 3
    assert table[["ci_low", "p_claim", "p_same"]].isna().all(axis=None)
    assert table["reason"].iloc[0] == (
        "The first look is at 5 seeds; there are 3 paired seeds so far."
    )
    assert next_seeds(table, LOOKS, dict.fromkeys(ARMS, 3), {}) == dict.fromkeys(ARMS, 5)


def test_a_missing_score_makes_its_look_stricter(make_scores: MakeScores) -> None:
    scores = scores_of(make_scores, dict.fromkeys(ARMS, 8))
    scores.loc[(scores["arm"] == "near") & (scores["seed"] == 2), "value"] = np.nan
    row = table_of(scores).iloc[2]
    assert (row["look"], row["n"]) == (8, 7)
    assert "seed 2: near scored nan" in row["missing"]
    differences = np.round(ARMS["near"] - BASE, 12)[[0, 1, 3, 4, 5, 6, 7]]
    interval = repeated_interval(differences, 1, LOOKS)
    assert row["ci_low"] == pytest.approx(interval.low)
    level = nominal_level(0.05, 1, LOOKS, sides=2, complete=False)
    assert level < nominal_level(0.05, 1, LOOKS, sides=2)


def test_seeds_are_taken_in_the_order_of_the_plan(make_scores: MakeScores) -> None:
    scores = scores_of(make_scores, dict.fromkeys(ARMS, 8))
    assert seeds_given(scores, [7, 0, 1, 2, 3, 4, 5, 6]) == dict.fromkeys(ARMS, 8)
    assert seeds_given(scores, [9, 0, 8]) == dict.fromkeys(ARMS, 2)
    assert seeds_given(scores, [9]) == dict.fromkeys(ARMS, 0)
    rngs = np.random.default_rng(0).spawn(1)
    order = [6, 7, 2, 3, 4, 0, 1, 5]
    (standing,) = replay(scores, PLAN[:1], STATISTICS, LOOKS, seeds=order, rngs=rngs)
    assert standing.tested.seeds == (2, 3, 4, 6, 7)


def test_a_look_counts_once_both_arms_were_given_its_seeds(make_scores: MakeScores) -> None:
    scores = scores_of(make_scores, dict.fromkeys(ARMS, 8))
    assert table_of(scores, PLAN[2:], near=5, base=8)["look"].tolist() == [5]
    assert table_of(scores, PLAN[2:], near=12, base=12)["look"].tolist() == [12]


def test_next_seeds_reach_the_arms_that_others_start_from() -> None:
    table = pd.DataFrame(
        {
            "a": ["x", "y"],
            "b": ["base", "base"],
            "decided": [False, True],
            "look": pd.array([8, 5], dtype="Int64"),
        }
    )
    have = {"x": 8, "base": 8, "y": 5, "first": 8, "zeroth": 8}
    more = next_seeds(table, LOOKS, have, {"x": "first", "first": "zeroth", "y": "first"})
    assert more == {"x": 12, "base": 12, "y": 5, "first": 12, "zeroth": 12}
    table["look"] = pd.array([20, 5], dtype="Int64")
    assert next_seeds(table, LOOKS, more, {"x": "first"}) == more | {
        "x": 20,
        "base": 20,
        "first": 20,
    }
    assert next_seeds(table.assign(decided=True), LOOKS, more, {}) == more


def test_the_seeds_that_would_decide_are_those_of_a_look_to_come() -> None:
    contrast, levels = PLAN[0], Levels(0.05)
    improvements = np.array([0.02, 0.05, 0.01, 0.06, 0.03]) - 0.005
    needed = [
        planned_seeds(
            improvements, contrast, Levels(nominal_level(0.05, k, LOOKS, sides=2)), power=0.8
        )
        for k in range(4)
    ]
    expected = next(n for n, most in zip(LOOKS.seeds, needed, strict=True) if most <= n)

    def decide(values: np.ndarray, after: int) -> float:
        return seeds_to_decide(values, contrast, levels, LOOKS, after=after, power=0.8)

    assert decide(improvements, 0) == expected
    assert decide(improvements, 12) == 20
    small = improvements - 0.02
    beyond = decide(small, 5)
    assert beyond > 20
    assert beyond == planned_seeds(
        small, contrast, Levels(nominal_level(0.05, 3, LOOKS, sides=2)), power=0.8
    )
    assert decide(small, 20) == beyond  # after the last look too
    assert np.isnan(decide(np.zeros(5), 5))

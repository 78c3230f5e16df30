from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import scikit_posthocs
from scipy import stats

from frugalseg.statistics.ranking_table import COLUMNS, PAIR_COLUMNS, ranking_tables

MakeScores = Callable[..., pd.DataFrame]
VALUES = pd.DataFrame(
    {
        "a": [0.5, 0.6, 0.55, 0.7],
        "b": [0.6, 0.7, 0.65, 0.6],
        "c": [0.9, 0.8, 0.95, 0.9],
    }
)


def scores_of(make_scores: MakeScores, values: pd.DataFrame, metric: str = "dice") -> pd.DataFrame:
    curves = {
        arm: {seed: [(0.1, 0.0), (0.2, value)] for seed, value in column.items()}
        for arm, column in values.items()
    }
    return make_scores(curves, metric)


def test_last_rounds_are_ranked_within_seeds(make_scores: MakeScores) -> None:
    arms, pairs = ranking_tables(scores_of(make_scores, VALUES), "dice")
    assert tuple(arms.columns) == COLUMNS
    assert tuple(pairs.columns) == PAIR_COLUMNS
    # ranks of a: 3 3 3 2, of b: 2 2 2 3, of c: always 1
    assert dict(zip(arms["arm"], arms["mean_rank"], strict=True)) == {"c": 1, "b": 2.25, "a": 2.75}
    peer = stats.friedmanchisquare(*VALUES.to_numpy().T)
    np.testing.assert_allclose(arms["p"], peer.pvalue, atol=1e-8)
    np.testing.assert_allclose(arms["smallest_p"], np.exp(-4), atol=1e-12)  # chi2 of 8 with 2 df
    nemenyi = scikit_posthocs.posthoc_nemenyi_friedman(VALUES.to_numpy()).to_numpy()
    conover = scikit_posthocs.posthoc_conover_friedman(VALUES.to_numpy(), p_adjust="holm")
    assert pairs[["a", "b"]].to_numpy().tolist() == [["a", "b"], ["a", "c"], ["b", "c"]]
    np.testing.assert_allclose(
        pairs["p_nemenyi"], [nemenyi[0, 1], nemenyi[0, 2], nemenyi[1, 2]], atol=1e-8
    )
    np.testing.assert_allclose(
        pairs["p_conover"], conover.to_numpy()[[0, 0, 1], [1, 2, 2]], atol=1e-8
    )
    # critical difference 2.343 * sqrt(3 * 4 / 24) = 1.657: c and a are apart, b is like both
    assert dict(zip(arms["arm"], arms["groups"], strict=True)) == {"c": "1", "b": "1 2", "a": "2"}


def test_where_less_is_better_the_least_comes_first(make_scores: MakeScores) -> None:
    arms, _ = ranking_tables(scores_of(make_scores, VALUES, "image_fpr"), "image_fpr")
    assert arms["arm"].tolist() == ["a", "b", "c"]


def test_a_seed_that_an_arm_lacks_is_named(make_scores: MakeScores) -> None:
    arms, _ = ranking_tables(
        scores_of(make_scores, VALUES.assign(b=[0.6, np.nan, 0.65, 0.6])), "dice"
    )
    assert set(arms["n"]) == {3}
    assert set(arms["missing"]) == {"seed 1: no score of b"}


@pytest.mark.parametrize("arms", [["a"], ["a", "b"]])
def test_two_arms_are_not_ranked(make_scores: MakeScores, arms: list[str]) -> None:
    found, pairs = ranking_tables(scores_of(make_scores, VALUES[arms]), "dice")
    assert found.empty
    assert pairs.empty
    assert tuple(found.columns) == COLUMNS

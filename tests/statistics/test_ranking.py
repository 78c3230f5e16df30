from collections.abc import Callable

import autorank
import numpy as np
import pandas as pd
import pytest
import scikit_posthocs
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from frugalseg.statistics.ranking import (
    COLUMNS,
    PAIR_COLUMNS,
    critical_difference,
    rank_arms,
    ranking_tables,
    smallest_friedman_p,
)

MakeScores = Callable[..., pd.DataFrame]
VALUES = pd.DataFrame(
    {
        "a": [0.5, 0.6, 0.55, 0.7],
        "b": [0.6, 0.7, 0.65, 0.6],
        "c": [0.9, 0.8, 0.95, 0.9],
    }
)
# Demsar (2006), table 6: AUC of four variants of C4.5 on fourteen data sets. In the row of 0.9751
# the table prints 0.975 twice but gives the two different ranks.
DEMSAR = pd.DataFrame(
    [
        [0.763, 0.768, 0.771, 0.798],
        [0.599, 0.591, 0.590, 0.569],
        [0.954, 0.971, 0.968, 0.967],
        [0.628, 0.661, 0.654, 0.657],
        [0.882, 0.888, 0.886, 0.898],
        [0.936, 0.931, 0.916, 0.931],
        [0.661, 0.668, 0.609, 0.685],
        [0.583, 0.583, 0.563, 0.625],
        [0.775, 0.838, 0.866, 0.875],
        [1.000, 1.000, 1.000, 1.000],
        [0.940, 0.962, 0.965, 0.962],
        [0.619, 0.666, 0.614, 0.669],
        [0.972, 0.981, 0.9751, 0.975],
        [0.957, 0.978, 0.946, 0.970],
    ],
    columns=["C4.5", "m", "cf", "m+cf"],
)


def test_ranks_and_critical_difference_of_demsar() -> None:
    found, _ = rank_arms(DEMSAR)
    expected = {"m+cf": 1.964, "m": 2.000, "cf": 2.893, "C4.5": 3.143}
    assert found["arm"].tolist() == list(expected)
    np.testing.assert_allclose(found["mean_rank"], list(expected.values()), atol=5e-4)
    assert found["critical_difference"].tolist() == pytest.approx([1.25] * 4, abs=0.005)
    assert found["groups"].tolist() == ["1"] * 4
    assert found["n"].tolist() == [14] * 4


MATRIX = arrays(
    np.int64, st.tuples(st.integers(3, 12), st.integers(3, 6)), elements=st.integers(0, 9)
)


def upper(matrix: pd.DataFrame) -> np.ndarray:
    """Return the p-value of each pair once, in the order of the arms."""
    return matrix.to_numpy()[np.triu_indices(len(matrix), 1)]


@settings(max_examples=40)
@given(MATRIX.filter(lambda whole: any(len(set(row)) > 1 for row in whole.tolist())))
def test_equal_to_scipy_and_scikit_posthocs(whole: np.ndarray) -> None:
    table = pd.DataFrame(whole / 10, columns=[f"arm{i}" for i in range(whole.shape[1])])
    found, pairs = rank_arms(table)
    peer = stats.friedmanchisquare(*table.to_numpy().T)
    np.testing.assert_allclose(found["statistic"], peer.statistic, atol=1e-8)
    np.testing.assert_allclose(found["p"], peer.pvalue, atol=1e-8)
    nemenyi = scikit_posthocs.posthoc_nemenyi_friedman(table)
    np.testing.assert_allclose(pairs["p_nemenyi"], upper(nemenyi), atol=1e-8)


def test_the_critical_difference_and_the_pairs_of_nemenyi_agree() -> None:
    found, pairs = rank_arms(DEMSAR)
    ranks = found.set_index("arm")["mean_rank"]
    gaps = np.abs(ranks[pairs["a"]].to_numpy() - ranks[pairs["b"]].to_numpy())
    apart = gaps > found["critical_difference"].iloc[0]
    np.testing.assert_array_equal(apart, pairs["p_nemenyi"] < 0.05)


def test_the_example_of_autorank_gets_its_decision() -> None:
    # The example of autorank's documentation, drawn the way it draws it.
    rng = np.random.RandomState(42)
    means = [0.2, 0.3, 0.5, 0.8, 0.85, 0.9]
    data = pd.DataFrame(
        {f"pop_{i}": rng.normal(mean, 0.3, 50).clip(0, 1) for i, mean in enumerate(means)}
    )
    peer = autorank.autorank(data, alpha=0.05, verbose=False)
    found, _ = rank_arms(data)
    assert peer.omnibus == "friedman"
    assert peer.posthoc == "nemenyi"
    np.testing.assert_allclose(found["p"], peer.pvalue, atol=1e-8)
    # it has a table of q
    np.testing.assert_allclose(found["critical_difference"], peer.cd, atol=1e-4)
    np.testing.assert_allclose(
        found["mean_rank"], peer.rankdf.loc[found["arm"], "meanrank"], atol=1e-8
    )
    # its report: "pop_0 and pop_1; pop_1 and pop_2; pop_3, pop_4, and pop_5"
    assert found["arm"].tolist() == ["pop_5", "pop_4", "pop_3", "pop_2", "pop_1", "pop_0"]
    assert found["groups"].tolist() == ["1", "1", "1", "2", "2 3", "3"]


def test_the_least_value_is_the_best_where_less_is_better() -> None:
    table = pd.DataFrame({"a": [0.1, 0.2], "b": [0.2, 0.3], "c": [0.3, 0.4]})
    assert rank_arms(table, lower_is_better=True)[0]["arm"].tolist() == ["a", "b", "c"]
    assert rank_arms(table)[0]["arm"].tolist() == ["c", "b", "a"]


def test_conover_is_corrected_by_holm() -> None:
    _, pairs = rank_arms(DEMSAR)
    peer = scikit_posthocs.posthoc_conover_friedman(DEMSAR, p_adjust="holm")
    np.testing.assert_allclose(pairs["p_conover"], upper(peer), atol=1e-8)


def test_a_seed_with_a_hole_is_left_out_and_named() -> None:
    table = pd.DataFrame(
        {"a": [0.1, 0.2, np.nan], "b": [0.2, np.nan, np.nan], "c": [0.3, 0.4, 0.5]},
        index=[4, 5, 6],
    )
    found, pairs = rank_arms(table)
    assert found["n"].tolist() == [1] * 3
    assert set(found["missing"]) == {"seed 5: no score of b; seed 6: no score of a, b"}
    assert found[["statistic", "p", "critical_difference"]].isna().all(axis=None)
    assert found["groups"].tolist() == [""] * 3
    assert pairs[["p_nemenyi", "p_conover"]].isna().all(axis=None)


def test_arms_that_are_tied_in_every_seed() -> None:
    found, pairs = rank_arms(pd.DataFrame(np.full((4, 3), 0.5), columns=list("abc")))
    assert found["p"].tolist() == [1.0] * 3
    assert found["mean_rank"].tolist() == [2.0] * 3
    assert (pairs[["p_nemenyi", "p_conover"]] == 1.0).all(axis=None)


def test_critical_difference_of_the_published_table() -> None:
    # Demsar (2006), table 5: q of 2, 5 and 10 arms at 5 % are 1.960, 2.728 and 3.164
    for arms, q in ((2, 1.960), (5, 2.728), (10, 3.164)):
        expected = q * np.sqrt(arms * (arms + 1) / (6 * 20))
        assert critical_difference(arms, 20) == pytest.approx(expected, rel=1e-3)


def test_the_smallest_p_of_friedman_is_that_of_seeds_that_agree() -> None:
    for arms, seeds in ((3, 2), (4, 5)):
        agreeing = np.tile(np.arange(arms), (seeds, 1))
        peer = stats.friedmanchisquare(*agreeing.T).pvalue
        assert smallest_friedman_p(arms, seeds) == pytest.approx(peer, abs=1e-12)
    assert smallest_friedman_p(3, 2) > 0.05  # three arms under two seeds: nothing can be shown
    assert np.isnan(smallest_friedman_p(3, 1))


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


def test_rounds_before_the_last_do_not_count(make_scores: MakeScores) -> None:
    scores = make_scores(
        {
            "a": {0: [(0.1, 0.9), (0.2, 0.1)], 1: [(0.1, 0.9)]},
            "b": {0: [(0.1, 0.2)], 1: [(0.1, 0.2)]},
            "c": {0: [(0.1, 0.3)], 1: [(0.1, 0.3)]},
        }
    )
    found, _ = ranking_tables(scores, "dice")
    assert found["arm"].tolist() == ["c", "b", "a"]
    assert set(found["missing"]) == {"seed 1: no score of a"}

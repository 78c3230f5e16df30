from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.weightstats import ttost_paired

from frugalseg.core.errors import FrugalsegError
from frugalseg.settings.study import ContrastParams, Order, StatisticsParams
from frugalseg.statistics.order import contrast_levels
from frugalseg.statistics.summarize import COLUMNS, contrast_table
from frugalseg.statistics.verdict import Verdict

MakeScores = Callable[..., pd.DataFrame]
STATISTICS = StatisticsParams()
B = [0.50, 0.54, 0.47, 0.52, 0.49, 0.55]
A = [0.56, 0.57, 0.55, 0.56, 0.54, 0.59]


def last_rounds(**arms: Sequence[float]) -> Mapping[str, Mapping[int, list[tuple[float, float]]]]:
    return {
        arm: {seed: [(0.1, value)] for seed, value in enumerate(values)}
        for arm, values in arms.items()
    }


def test_one_contrast_against_scipy(make_scores: MakeScores) -> None:
    scores = make_scores(last_rounds(a=A, b=B))
    rng = np.random.default_rng(0)
    row = contrast_table(scores, [ContrastParams(a="a", b="b")], STATISTICS, rng=rng).iloc[0]
    peer = stats.ttest_rel(A, B)
    low, high = peer.confidence_interval(0.95)
    np.testing.assert_allclose(
        row[["mean_a", "mean_b", "difference", "ci_low", "ci_high"]].astype(float),
        [np.mean(A), np.mean(B), np.mean(A) - np.mean(B), low, high],
        atol=1e-8,
    )
    np.testing.assert_allclose(
        row[["p_t", "p_claim", "p_adjusted", "p_bh"]].astype(float), peer.pvalue, atol=1e-8
    )
    assert row["p_wilcoxon"] == row["p_permutation"] == 2 / 64
    assert row["d_z"] == pytest.approx(peer.statistic / np.sqrt(6), abs=1e-8)
    assert row["rank_biserial"] == row["p_improvement"] == 1.0
    assert row["n"] == 6
    assert row["verdict"] == "better"


def test_holm_runs_over_all_rows_and_the_verdict_follows_it(make_scores: MakeScores) -> None:
    scores = make_scores(last_rounds(a=A, b=B, c=[0.53, 0.5, 0.52, 0.57, 0.5, 0.49]))
    contrasts = [
        ContrastParams(a="a", b="b"),
        ContrastParams(a="c", b="b"),
        ContrastParams(a="a", b="c"),
    ]
    table = contrast_table(scores, contrasts, STATISTICS, rng=np.random.default_rng(0))
    p = table["p_claim"]
    order = np.argsort(p.to_numpy())
    np.testing.assert_allclose(
        table["p_adjusted"].to_numpy()[order],
        np.maximum.accumulate(np.minimum(1, p.to_numpy()[order] * [3, 2, 1])),
    )
    assert (table["verdict"] == "better").tolist() == (table["p_adjusted"] <= 0.05).tolist()


def test_an_order_and_weights_decide_what_is_tested_first(make_scores: MakeScores) -> None:
    noise = [0.53, 0.5, 0.52, 0.57, 0.5, 0.49]
    scores = make_scores(last_rounds(a=A, b=B, c=noise))
    hopeless, clear = ContrastParams(a="c", b="b"), ContrastParams(a="a", b="b")

    def judged(order: Order, *contrasts: ContrastParams) -> list[str]:
        statistics = StatisticsParams(order=order)
        rng = np.random.default_rng(0)
        table = contrast_table(scores, contrasts, statistics, rng=rng)
        assert table["level"].tolist() == pytest.approx(
            [level.claim for level in contrast_levels(contrasts, statistics)]
        )
        return table["verdict"].tolist()

    assert judged("fixed", clear, hopeless) == [Verdict.BETTER, Verdict.UNDECIDED]
    assert judged("fixed", hopeless, clear) == [Verdict.UNDECIDED, Verdict.UNDECIDED]
    assert judged("holm", hopeless, clear) == [Verdict.UNDECIDED, Verdict.BETTER]
    secondary = clear.model_copy(update={"weight": 0.0})
    assert judged("holm", hopeless, secondary) == [Verdict.UNDECIDED, Verdict.UNDECIDED]


def test_margins_under_superior_are_a_family_of_their_own(make_scores: MakeScores) -> None:
    near = [value + change / 1000 for value, change in zip(B, [1, -1, 1, -2, 1, 0], strict=True)]
    scores = make_scores(last_rounds(a=A, b=B, c=near))
    contrasts = [
        ContrastParams(a="a", b="b"),
        ContrastParams(a="c", b="b", margin=0.02),
        ContrastParams(a="a", b="c", margin=0.02),
        ContrastParams(a="c", b="b", claim="equivalent", margin=0.02),
    ]
    table = contrast_table(scores, contrasts, STATISTICS, rng=np.random.default_rng(0))
    peer = ttost_paired(np.array(near), np.array(B), -0.02, 0.02)[0]
    # the smaller of the two p-values, times two
    assert table["p_same"].iloc[1] == pytest.approx(2 * peer, rel=1e-6)
    assert table["p_same"].isna().tolist() == [True, False, False, True]
    assert table["detectable_same"].isna().tolist() == [True, False, False, True]
    same = Verdict.SAME
    assert table["verdict"].tolist() == [Verdict.BETTER, same, Verdict.BETTER, same]


def test_less_is_better_turns_the_claim_and_not_the_difference(make_scores: MakeScores) -> None:
    scores = make_scores(last_rounds(a=A, b=B), metric="image_fpr")
    contrasts = [
        ContrastParams(a="b", b="a", metric="image_fpr"),
        ContrastParams(a="b", b="a", metric="image_fpr", claim="not_worse", margin=0.01),
        ContrastParams(a="a", b="b", metric="image_fpr", claim="not_worse", margin=0.01),
    ]
    table = contrast_table(scores, contrasts, STATISTICS, rng=np.random.default_rng(0))
    assert table["better"].tolist() == ["lower"] * 3
    assert table["verdict"].tolist() == [Verdict.BETTER, Verdict.NOT_WORSE, Verdict.UNDECIDED]
    assert (table["difference"] < 0).tolist() == [True, True, False]
    assert table["p_improvement"].tolist() == [1.0, 1.0, 0.0]


def test_swapping_the_arms_mirrors_the_row(make_scores: MakeScores) -> None:
    scores = make_scores(last_rounds(a=A, b=B))
    contrasts = [ContrastParams(a="a", b="b"), ContrastParams(a="b", b="a")]
    one, two = contrast_table(scores, contrasts, STATISTICS, rng=np.random.default_rng(0)).to_dict(
        "records"
    )
    for name in ("difference", "d_z", "rank_biserial"):
        assert one[name] == pytest.approx(-two[name])
    assert one["ci_low"] == pytest.approx(-two["ci_high"])
    assert one["p_claim"] == pytest.approx(two["p_claim"])
    assert (one["verdict"], two["verdict"]) == (Verdict.BETTER, Verdict.WORSE)


def test_the_same_generator_gives_the_same_bytes(make_scores: MakeScores) -> None:
    seeds = np.random.default_rng(1).normal(0.6, 0.05, size=(2, 20))
    scores = make_scores(last_rounds(a=seeds[0], b=seeds[1], c=seeds[1] + 0.01))
    contrasts = [ContrastParams(a="a", b="b"), ContrastParams(a="a", b="c")]

    def text(chosen: Sequence[ContrastParams], seed: int = 0) -> str:
        rng = np.random.default_rng(seed)
        return contrast_table(scores, chosen, StatisticsParams(resamples=99), rng=rng).to_csv(
            index=False
        )

    assert text(contrasts) == text(contrasts)
    assert text(contrasts) != text(contrasts, seed=1)
    shuffled = scores.iloc[::-1]
    rng = np.random.default_rng(0)
    again = contrast_table(shuffled, contrasts, StatisticsParams(resamples=99), rng=rng).to_csv(
        index=False
    )
    assert again == text(contrasts)


def test_a_contrast_draws_the_same_whatever_follows_it(make_scores: MakeScores) -> None:
    values = np.random.default_rng(1).normal(0.6, 0.05, size=(2, 20))
    scores = make_scores(last_rounds(a=values[0], b=values[1]))
    more = [ContrastParams(a="a", b="b"), ContrastParams(a="b", b="a")]
    drawn = ["p_permutation", "bca_low", "percentile_high"]
    one = contrast_table(
        scores, more[:1], StatisticsParams(resamples=99), rng=np.random.default_rng(0)
    )
    two = contrast_table(scores, more, StatisticsParams(resamples=99), rng=np.random.default_rng(0))
    np.testing.assert_array_equal(one[drawn].to_numpy(), two[drawn].head(1).to_numpy())


def test_identical_arms(make_scores: MakeScores) -> None:
    scores = make_scores(last_rounds(a=B, b=B))
    contrasts = [
        ContrastParams(a="a", b="b"),
        ContrastParams(a="a", b="b", claim="not_worse", margin=0.02),
    ]
    table = contrast_table(scores, contrasts, STATISTICS, rng=np.random.default_rng(0))
    assert table["difference"].tolist() == [0.0, 0.0]
    assert table["p_claim"].tolist() == [1.0, 1 / 64]
    assert table["verdict"].tolist() == [Verdict.UNDECIDED, Verdict.NOT_WORSE]
    undefined = ["ci_low", "bca_high", "d_z", "d_z_low", "p_t", "rope_inside", "detectable"]
    assert table[undefined].isna().all(axis=None)
    assert table["reason"].str.startswith("The arms are equal in every seed").all()


@pytest.mark.parametrize("pairs", [0, 1])
def test_too_few_pairs_give_a_row_that_says_so(make_scores: MakeScores, pairs: int) -> None:
    scores = make_scores(last_rounds(a=A[:pairs] or [float("nan")], b=B))
    row = contrast_table(
        scores, [ContrastParams(a="a", b="b")], STATISTICS, rng=np.random.default_rng(0)
    ).iloc[0]
    assert row["n"] == pairs
    assert row["verdict"] == "cannot be decided with this many seeds"
    assert "seed 5: a has no score" in row["missing"]
    assert row[["p_t", "p_claim", "p_adjusted", "ci_low"]].isna().all()


def test_an_untestable_contrast_does_not_help_the_others(make_scores: MakeScores) -> None:
    scores = make_scores(last_rounds(a=A, b=B, c=[0.5]))
    contrasts = [ContrastParams(a="a", b="b"), ContrastParams(a="c", b="b")]
    table = contrast_table(scores, contrasts, STATISTICS, rng=np.random.default_rng(0))
    first, second = table["p_adjusted"]
    assert first == pytest.approx(2 * table["p_claim"].iloc[0])
    assert np.isnan(second)


def test_nothing_planned_is_an_empty_table(make_scores: MakeScores) -> None:
    scores = make_scores(last_rounds(a=A))
    table = contrast_table(scores, [], STATISTICS, rng=np.random.default_rng(0))
    assert table.empty
    assert tuple(table.columns) == COLUMNS


def test_the_rows_hold_what_the_columns_promise(make_scores: MakeScores) -> None:
    scores = make_scores(last_rounds(a=A, b=B))
    table = contrast_table(
        scores,
        [ContrastParams(a="a", b="b", at=0.1, margin=0.02)],
        STATISTICS,
        rng=np.random.default_rng(0),
    )
    assert tuple(table.columns) == COLUMNS
    assert table.drop(columns="look").notna().all(axis=None)
    assert table["look"].isna().all()  # there are none
    assert table.loc[0, "at"] == "0.1"


def test_an_unknown_arm_is_refused(make_scores: MakeScores) -> None:
    with pytest.raises(FrugalsegError, match="arm 'x'"):
        contrast_table(
            make_scores(last_rounds(a=A)),
            [ContrastParams(a="a", b="x")],
            STATISTICS,
            rng=np.random.default_rng(0),
        )

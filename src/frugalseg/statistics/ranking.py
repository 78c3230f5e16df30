"""Many arms at once: Friedman's test, post-hoc pairs and the critical difference of mean ranks."""

import numpy as np
import pandas as pd
import scikit_posthocs
from numpy.typing import NDArray
from scipy import stats

from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.statistics.score_table import select_scores

COLUMNS = (
    *("metric", "arm", "mean_rank", "groups", "n", "missing", "statistic", "p", "smallest_p"),
    "critical_difference",
)
PAIR_COLUMNS = ("metric", "a", "b", "p_nemenyi", "p_conover")
FEWEST = 3
"""With fewer arms than this there is nothing to rank: a contrast is the test of two."""


def ranking_tables(
    scores: pd.DataFrame, metric: str, *, alpha: float = 0.05
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rank every arm by its last round, within seeds.

    Args:
        scores: the tidy table of `scores.csv`.
        metric: name in `scores`.
        alpha: level of the critical difference.

    Returns:
        The two tables of `rank_arms` with `COLUMNS` and `PAIR_COLUMNS`; both empty with fewer than
        three arms.
    """
    arms = list(dict.fromkeys(map(str, scores["arm"])))
    if len(arms) < FEWEST:
        return pd.DataFrame(columns=list(COLUMNS)), pd.DataFrame(columns=list(PAIR_COLUMNS))
    rows = select_scores(scores, metric)
    last = rows[rows["round"] == rows.groupby("arm")["round"].transform("max")]
    values = last.pivot(index="seed", columns="arm", values="value")
    values = values.reindex(index=sorted(set(scores["seed"])), columns=arms)
    lower = metric in LOWER_IS_BETTER
    ranking, pairs = rank_arms(values, alpha=alpha, lower_is_better=lower)
    return (
        ranking.assign(metric=metric)[list(COLUMNS)],
        pairs.assign(metric=metric)[list(PAIR_COLUMNS)],
    )


def rank_arms(
    values: pd.DataFrame, *, alpha: float = 0.05, lower_is_better: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rank arms within seeds and test whether they differ (Friedman, 1937; Demsar, 2006).

    Args:
        values: one row per seed (the index), one column per arm, at least three; NaN where a run is
            missing.
        alpha: level of the critical difference.
        lower_is_better: rank 1 goes to the least value.

    Returns:
        One row per arm, best first: `arm`, `mean_rank` (1 is the best), `groups` (numbers of the
        bars of the diagram that the arm is under, separated by blanks), `n` (seeds in which every
        arm has a value), `missing` (names the others), `statistic` and `p` (Friedman's; NaN and 1
        if all arms are tied in every seed, both NaN with fewer than two seeds), `smallest_p` and
        `critical_difference` (see the functions of their names). And one row per pair: `a`, `b`,
        `p_nemenyi`, and `p_conover` with Holm's correction (more powerful, less strict).
    """
    whole = values.dropna()
    ranks = whole.rank(axis="columns", ascending=lower_is_better).mean().sort_values(kind="stable")
    difference = critical_difference(values.shape[1], len(whole), alpha)
    bars = _bars(ranks.to_numpy(), difference)
    missing = [
        f"seed {seed}: no score of {', '.join(row.index[row.isna()])}"
        for seed, row in values[values.isna().any(axis=1)].iterrows()
    ]
    statistic, p, nemenyi, conover = _tests(whole)
    ranking = pd.DataFrame(
        {
            "arm": ranks.index,
            "mean_rank": ranks.to_numpy(),
            "groups": [
                " ".join(str(number) for number, bar in enumerate(bars, 1) if place in bar)
                for place in range(len(ranks))
            ],
            "n": len(whole),
            "missing": "; ".join(missing),
            "statistic": statistic,
            "p": p,
            "smallest_p": smallest_friedman_p(values.shape[1], len(whole)),
            "critical_difference": difference,
        }
    )
    a, b = np.triu_indices(values.shape[1], 1)
    pairs = {"p_nemenyi": nemenyi[a, b], "p_conover": conover[a, b]}
    return ranking, pd.DataFrame({"a": values.columns[a], "b": values.columns[b]} | pairs)


def critical_difference(arms: int, seeds: int, alpha: float = 0.05) -> float:
    """Return Nemenyi's critical difference of mean ranks (Demsar, 2006, section 3.2.2).

    q / sqrt(2) * sqrt(k (k + 1) / (6 N)) with the studentized range q at infinite degrees of
    freedom: mean ranks that differ by more do so at level alpha. NaN with fewer than two seeds.
    """
    if seeds < 2:
        return float("nan")
    q = stats.studentized_range.isf(alpha, arms, np.inf) / np.sqrt(2)
    return float(q * np.sqrt(arms * (arms + 1) / (6 * seeds)))


def smallest_friedman_p(arms: int, seeds: int) -> float:
    """Return the smallest p that Friedman's chi-square test can give: every seed ranks alike.

    The statistic is then seeds * (arms - 1). NaN with fewer than two seeds.
    """
    if seeds < 2:
        return float("nan")
    return float(stats.chi2.sf(seeds * (arms - 1), arms - 1))


Matrix = NDArray[np.float64]


def _tests(whole: pd.DataFrame) -> tuple[float, float, Matrix, Matrix]:
    """Return Friedman's statistic and p, and the pairs' p by Nemenyi and Conover, arms x arms."""
    values, arms = whole.to_numpy(), whole.shape[1]
    if len(whole) < 2 or (whole.nunique(axis=1) == 1).all():
        p = 1.0 if len(whole) >= 2 else np.nan
        pairs = np.full((arms, arms), p)
        return np.nan, p, pairs, pairs
    friedman = stats.friedmanchisquare(*values.T)
    nemenyi = scikit_posthocs.posthoc_nemenyi_friedman(values)
    with np.errstate(divide="ignore"):  # seeds that all rank alike leave no scatter
        conover = scikit_posthocs.posthoc_conover_friedman(values, p_adjust="holm")
    return float(friedman.statistic), float(friedman.pvalue), nemenyi.to_numpy(), conover.to_numpy()


def _bars(ranks: Matrix, difference: float) -> list[range]:
    """Return the places of neighbors in rank that the critical difference does not tell apart.

    Only groups of two and more that are not inside another one.
    """
    bars: list[range] = []
    if np.isnan(difference):
        return bars
    for start, rank in enumerate(ranks):
        stop = int(np.searchsorted(ranks, rank + difference, side="right"))
        if stop > max(bars[-1].stop if bars else 0, start + 1):
            bars.append(range(start, stop))
    return bars

"""Many arms at once: Friedman's test, post-hoc pairs and the critical difference of mean ranks."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd
import scikit_posthocs
from scipy import stats

from frugalseg.core.errors import FrugalsegError
from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.statistics.contrast import arm_values

PostHoc = Literal["nemenyi", "conover"]

COLUMNS = (
    *("metric", "arm", "mean_rank", "groups", "n", "missing", "statistic", "p", "smallest_p"),
    "critical_difference",
)
PAIR_COLUMNS = ("metric", "a", "b", "p_nemenyi", "p_conover")
FEWEST = 3
"""With fewer arms than this there is nothing to rank: a contrast is the test of two."""


@dataclass(frozen=True)
class Ranking:
    """Arms by mean rank over the seeds, rank 1 being the best.

    Attributes:
        ranks: mean rank per arm, best first.
        seeds: seeds in which every arm has a value.
        missing: one sentence for every seed that is left out.
        statistic, p: Friedman's chi-square and its p-value; NaN and 1 if all arms are tied in every
            seed; both NaN with fewer than two seeds.
        critical_difference: Nemenyi's: mean ranks that differ by more do so at level alpha.
        pairwise: p-value of each pair of arms, by the chosen post-hoc test; arms x arms, with 1 on
            the diagonal.
        groups: arms, neighbors in rank, that the critical difference does not tell apart; the bars
            of the diagram. Only groups of two and more that are not inside another one.
    """

    ranks: pd.Series
    seeds: tuple[int, ...]
    missing: tuple[str, ...]
    statistic: float
    p: float
    critical_difference: float
    pairwise: pd.DataFrame
    groups: tuple[tuple[str, ...], ...]


def rank_arms(
    values: pd.DataFrame,
    *,
    alpha: float = 0.05,
    post_hoc: PostHoc = "nemenyi",
    lower_is_better: bool = False,
) -> Ranking:
    """Rank arms within seeds and test whether they differ (Friedman, 1937; Demsar, 2006).

    Args:
        values: one row per seed (the index), one column per arm; NaN where a run is missing.
        alpha: level of the critical difference.
        post_hoc: `nemenyi`, or `conover` with Holm's correction (more powerful, less strict).
        lower_is_better: rank 1 goes to the least value.

    Raises:
        FrugalsegError: with fewer than three arms, for which a contrast is the right test.
    """
    if values.shape[1] < FEWEST:
        raise FrugalsegError(
            f"A ranking needs at least three arms, found {values.shape[1]}: "
            f"{', '.join(map(str, values.columns))}. Plan a contrast for two."
        )
    whole = values[values.notna().all(axis=1)]
    ranks = whole.rank(axis="columns", ascending=lower_is_better).mean()
    ranks = ranks.sort_values(kind="stable")
    statistic, p = _friedman(whole)
    difference = critical_difference(values.shape[1], len(whole), alpha)
    return Ranking(
        ranks=ranks,
        seeds=tuple(int(seed) for seed in whole.index),
        missing=_missing(values),
        statistic=statistic,
        p=p,
        critical_difference=difference,
        pairwise=_pairwise(whole, post_hoc),
        groups=_groups(ranks, difference),
    )


def critical_difference(arms: int, seeds: int, alpha: float = 0.05) -> float:
    """Return Nemenyi's critical difference of mean ranks (Demsar, 2006, section 3.2.2).

    q / sqrt(2) * sqrt(k (k + 1) / (6 N)) with the studentized range q at infinite degrees of
    freedom; NaN with fewer than two seeds.
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


def _missing(values: pd.DataFrame) -> tuple[str, ...]:
    return tuple(
        f"seed {seed}: no score of {', '.join(row.index[row.isna()])}"
        for seed, row in values.iterrows()
        if row.isna().any()
    )


def _friedman(whole: pd.DataFrame) -> tuple[float, float]:
    if len(whole) < 2:
        return float("nan"), float("nan")
    if (whole.nunique(axis=1) == 1).all():
        return float("nan"), 1.0
    found = stats.friedmanchisquare(*whole.to_numpy().T)
    return float(found.statistic), float(found.pvalue)


def _pairwise(whole: pd.DataFrame, post_hoc: PostHoc) -> pd.DataFrame:
    arms = whole.columns
    empty = pd.DataFrame(np.eye(len(arms)), index=arms, columns=arms).replace(0.0, np.nan)
    if len(whole) < 2:
        return empty
    if (whole.nunique(axis=1) == 1).all():
        return empty.fillna(1.0)
    if post_hoc == "conover":
        with np.errstate(divide="ignore"):  # seeds that all rank alike leave no scatter
            found = scikit_posthocs.posthoc_conover_friedman(whole.to_numpy(), p_adjust="holm")
    else:
        found = scikit_posthocs.posthoc_nemenyi_friedman(whole.to_numpy())
    return pd.DataFrame(found.to_numpy(), index=arms, columns=arms)


def _groups(ranks: pd.Series, difference: float) -> tuple[tuple[str, ...], ...]:
    names, places = [str(name) for name in ranks.index], ranks.to_numpy()
    groups: list[tuple[str, ...]] = []
    if np.isnan(difference):
        return ()
    reached = 0
    for start, place in enumerate(places):
        end = int(np.searchsorted(places, place + difference, side="right"))
        if end > max(reached, start + 1):
            groups.append(tuple(names[start:end]))
            reached = end
    return tuple(groups)


def ranking_tables(
    scores: pd.DataFrame,
    metric: str,
    *,
    alpha: float = 0.05,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rank every arm by its last round, within seeds.

    Args:
        scores: the tidy table of `scores.csv`.
        metric: name in `scores`.
        alpha: level of the critical difference.

    Returns:
        The arms, best first, with `COLUMNS`: `groups` = numbers of the bars of the diagram that an
        arm is under, separated by blanks; `n` = seeds in which every arm has a score; `missing`
        names the others; `statistic`, `p` = Friedman's; `smallest_p` = the least it could be with
        so many arms and seeds. And the pairs, with `PAIR_COLUMNS`. Both empty with fewer than
        three arms.
    """
    arms = list(dict.fromkeys(map(str, scores["arm"])))
    if len(arms) < FEWEST:
        return pd.DataFrame(columns=list(COLUMNS)), pd.DataFrame(columns=list(PAIR_COLUMNS))
    values = arm_values(scores, arms, metric)
    lower = metric in LOWER_IS_BETTER
    nemenyi = rank_arms(values, alpha=alpha, lower_is_better=lower)
    conover = rank_arms(values, alpha=alpha, lower_is_better=lower, post_hoc="conover")
    return _arms(nemenyi, metric), _pairs(nemenyi, conover, arms, metric)


def _arms(ranking: Ranking, metric: str) -> pd.DataFrame:
    rows = [
        {
            "metric": metric,
            "arm": arm,
            "mean_rank": rank,
            "groups": _groups_of(str(arm), ranking.groups),
            "n": len(ranking.seeds),
            "missing": "; ".join(ranking.missing),
            "statistic": ranking.statistic,
            "p": ranking.p,
            "smallest_p": smallest_friedman_p(len(ranking.ranks), len(ranking.seeds)),
            "critical_difference": ranking.critical_difference,
        }
        for arm, rank in ranking.ranks.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _groups_of(arm: str, groups: Sequence[Sequence[str]]) -> str:
    return " ".join(str(number) for number, group in enumerate(groups, 1) if arm in group)


def _pairs(nemenyi: Ranking, conover: Ranking, arms: list[str], metric: str) -> pd.DataFrame:
    rows = [
        (metric, a, b, nemenyi.pairwise.loc[a, b], conover.pairwise.loc[a, b])
        for a, b in combinations(arms, 2)
    ]
    return pd.DataFrame(rows, columns=list(PAIR_COLUMNS))

"""Many arms at once: Friedman's test, post-hoc pairs and the critical difference of mean ranks."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import scikit_posthocs
from scipy import stats

from frugalseg.core.errors import FrugalsegError

PostHoc = Literal["nemenyi", "conover"]


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
    if values.shape[1] < 3:
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

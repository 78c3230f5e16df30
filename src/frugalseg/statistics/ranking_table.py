"""The ranking of all arms as two tables: the arms with the test over all, and every pair."""

from collections.abc import Sequence
from itertools import combinations

import pandas as pd

from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.statistics.contrast import arm_values
from frugalseg.statistics.ranking import Ranking, rank_arms, smallest_friedman_p

COLUMNS = (
    *("metric", "arm", "mean_rank", "groups", "n", "missing", "statistic", "p", "smallest_p"),
    "critical_difference",
)
PAIR_COLUMNS = ("metric", "a", "b", "p_nemenyi", "p_conover")
FEWEST = 3
"""With fewer arms than this there is nothing to rank: a contrast is the test of two."""


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

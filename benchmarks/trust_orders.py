"""How often a study of several contrasts makes any false claim, by the order of its tests."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.simulated import NOISES, Array, simulate
from benchmarks.simulated_tests import claim_ps, paired
from benchmarks.tables import Row, percent
from frugalseg.settings.study import ContrastParams, Order, StatisticsParams
from frugalseg.statistics.order import adjust_p_values
from frugalseg.statistics.summarize import contrast_table

ALPHA, MARGIN = 0.05, 0.05
SEEDS = (5, 10, 20)
CONTRASTS = 5
CORRELATIONS = (0.0, 0.5, 0.9)
REAL = (0, 2)
"""How many contrasts, the first ones, have a real difference, so that they hand their share on."""
EFFECT = 0.2
"""That difference, several times the scatter."""
PLANS: dict[str, tuple[Order, tuple[float, ...]]] = {
    "Holm": ("holm", (1, 1, 1, 1, 1)),
    "gatekeeper": ("holm", (1, 1, 0, 0, 0)),
    "fixed": ("fixed", (1, 1, 1, 1, 1)),
    "fallback": ("fallback", (2, 1, 1, 1, 1)),
}


def studies_of(
    studies: int, rng: np.random.Generator, numbers: Sequence[int] = SEEDS
) -> Iterator[tuple[str, int, Array, Array | None]]:
    """Yield name, seeds, differences (contrasts x studies x seeds) and scores of equal arms.

    First correlated normal differences, which have no scores; then arms against a shared control.
    """
    for correlation, seeds in product(CORRELATIONS, numbers):
        shared = rng.normal(size=(1, studies, seeds))
        own = rng.normal(size=(CONTRASTS, studies, seeds))
        mixed = np.sqrt(correlation) * shared + np.sqrt(1 - correlation) * own
        yield f"normal, correlation {correlation:g}", seeds, 0.04 * mixed, None
    for (name, noise), seeds in product(NOISES.items(), numbers):
        scores = simulate(noise, studies, seeds, rng, arms=CONTRASTS + 1)
        arms = range(1, CONTRASTS + 1)
        yield name, seeds, np.stack([paired(scores[:, [arm, 0]]) for arm in arms]), scores


def order_claims(studies: int, rng: np.random.Generator) -> list[Row]:
    """Return how often any arm is called better or worse than its equal, by order."""
    rows: list[Row] = []
    superior = ContrastParams(a="a", b="b")
    for name, seeds, differences, scores in studies_of(studies, rng):
        for real in REAL:
            shift = np.where(np.arange(CONTRASTS) < real, EFFECT, 0)[:, None, None]
            p = np.stack([claim_ps(one, superior) for one in np.round(differences + shift, 12)]).T
            row: Row = {"scores": name, "seeds": seeds, "real": real}
            row["uncorrected"] = percent(int((p[:, real:].min(axis=1) <= ALPHA).sum()), studies)
            for label, (order, weights) in PLANS.items():
                # no order shows what is not shown without correction
                tried = p[p[:, real:].min(axis=1) <= ALPHA]
                shown = [adjust_p_values(study, order, weights) <= ALPHA for study in tried]
                row[label] = percent(sum(int(study[real:].any()) for study in shown), studies)
                if scores is not None and real == 0:
                    check_table(scores[0], p[0], order, weights)
            rows.append(row)
    return rows


def score_table(scores: Array) -> pd.DataFrame:
    """Return scores of one study, arms x seeds, as the rows of scores.csv."""
    return pd.DataFrame(
        {"arm": f"arm{arm}", "seed": seed, "round": 0, "fraction": 0.1, "value": value}
        | {"threshold": "validation", "class": "all", "metric": "dice"}
        for (arm, seed), value in np.ndenumerate(scores)
    )


def check_table(scores: Array, p: Array, order: Order, weights: tuple[float, ...]) -> None:
    """Check that the report's own table makes the same claims of a study and no others."""
    contrasts = [
        ContrastParams(a=f"arm{arm}", b="arm0", weight=weight)
        for arm, weight in enumerate(weights, start=1)
    ]
    statistics, rng = StatisticsParams(resamples=9, order=order), np.random.default_rng(0)
    table = contrast_table(score_table(scores), contrasts, statistics, rng=rng)
    is_claimed: NDArray[np.bool_] = table["verdict"].isin(["better", "worse"]).to_numpy()
    expected = adjust_p_values(p, order, weights) <= ALPHA
    assert (is_claimed == expected).all(), table[["p_claim", "p_adjusted", "verdict"]]


def false_sameness(studies: int, rng: np.random.Generator) -> list[Row]:
    """Return how often any of five arms that differ by the margin is called practically the same.

    Under `superior` it is tested as `equivalent` is.
    """
    rows: list[Row] = []
    equivalent = ContrastParams(a="a", b="b", claim="equivalent", margin=MARGIN)
    for name, seeds, differences, _ in studies_of(studies, rng):
        p = np.stack([claim_ps(one, equivalent) for one in np.round(differences - MARGIN, 12)]).T
        # Holm makes any claim exactly when the smallest p passes its first step.
        smallest = p.min(axis=1)
        rows.append(
            {
                "scores": name,
                "seeds": seeds,
                "uncorrected": percent(int((smallest <= ALPHA).sum()), studies),
                "Holm (used)": percent(int((CONTRASTS * smallest <= ALPHA).sum()), studies),
            }
        )
    return rows

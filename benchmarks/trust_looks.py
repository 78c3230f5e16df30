"""How often group-sequential studies are wrong, and after how many seeds they are decided."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from benchmarks.simulated import NOISES, TRAININGS, Array, simulate, skewed
from benchmarks.simulated_tests import claim_ps, paired
from benchmarks.tables import Row, percent
from benchmarks.trust_orders import (
    ALPHA,
    CONTRASTS,
    EFFECT,
    MARGIN,
    PLANS,
    REAL,
    score_table,
    studies_of,
)
from frugalseg.settings.study import Claim, ContrastParams, Order, StatisticsParams
from frugalseg.statistics.order import adjust_p_values, current_shares
from frugalseg.statistics.sequential.boundary import nominal_level, overall_p
from frugalseg.statistics.sequential.looks import Looks
from frugalseg.statistics.summarize import contrast_table

LOOKS = Looks((5, 8, 12, 17, 24, 34, 50))
PLANNED = (LOOKS, Looks((4, 6, 8, 10)))
"""The looks of long studies, and those of the built-in one."""
SUPERIOR = ContrastParams(a="a", b="b")
EFFECTS = (0.0, 0.25, 0.5, 1.0, 2.0)
"""True differences, in standard deviations of the paired differences."""
MARGINS = (0.0, 0.3, 0.6, 1.0)


def path_ps(differences: Array, contrast: ContrastParams, looks: Looks = LOOKS) -> Array:
    """Return the overall p-values of each look and study, looks x studies."""
    sides = 2 if contrast.claim == "superior" else 1
    return np.stack(
        [
            overall_p(claim_ps(differences[:, :n], contrast), look, looks, sides=sides)
            for look, n in enumerate(looks.seeds)
        ]
    )


def ever(p_values: Array, level: float = ALPHA) -> int:
    """Return how many studies have such a p-value at any look."""
    return int((p_values <= level).any(axis=0).sum())


def false_looks(studies: int, rng: np.random.Generator) -> list[Row]:
    """Return false claims of one contrast: of equal arms, and of arms that differ by the margin."""
    rows: list[Row] = []
    for name, noise in NOISES.items():
        equal = paired(simulate(noise, studies, LOOKS.last, rng))
        rows += [_false(name, equal, looks) for looks in PLANNED]
    tailed, steady = skewed(rng, (studies, LOOKS.last)), rng.normal(size=(studies, LOOKS.last))
    unlike = np.round(tailed - (0.75 + 0.005 * steady), 12)
    return rows + [_false("unlike shapes", unlike, looks) for looks in PLANNED]


def _false(name: str, equal: Array, looks: Looks) -> Row:
    studies, p = len(equal), path_ps(equal, SUPERIOR, looks)
    late = path_ps(equal, SUPERIOR, replace(looks, spending="obrien_fleming"))
    row: Row = {
        "scores": name,
        "looks": f"{looks.seeds[0]} to {looks.last}",
        "better or worse": percent(ever(p), studies),
        "at the first look": percent(ever(p[:1]), studies),
        "O'Brien-Fleming": percent(ever(late), studies),
    }
    claims: tuple[Claim, ...] = ("not_worse", "equivalent")
    for claim in claims:
        contrast = ContrastParams(a="a", b="b", claim=claim, margin=MARGIN)
        row[claim] = percent(ever(path_ps(np.round(equal - MARGIN, 12), contrast, looks)), studies)
    return row


def false_plans(studies: int, rng: np.random.Generator) -> list[Row]:
    """Return how often a plan of five contrasts makes any false claim at any look, by order."""
    rows: list[Row] = []
    equivalent = ContrastParams(a="a", b="b", claim="equivalent", margin=MARGIN)
    for name, _, differences, scores in studies_of(studies, rng, (LOOKS.last,)):
        equal = np.stack([path_ps(one, SUPERIOR) for one in differences], axis=-1)
        within = np.stack(
            [path_ps(one, equivalent) for one in np.round(differences - MARGIN, 12)], axis=-1
        )
        same = percent(ever(within.min(axis=-1), ALPHA / CONTRASTS), studies)
        for real in REAL:
            p = equal.copy()
            for place in range(real):
                p[..., place] = path_ps(np.round(differences[place] + EFFECT, 12), SUPERIOR)
            row: Row = {"scores": name, "real": real}
            for label, (order, weights) in PLANS.items():
                row[label] = percent(any_false(p, real, order, weights), studies)
                if scores is not None and name == "measured" and real == 0:
                    check_looks(scores[0], p[:, 0], order, weights)
            rows.append(row | {"same, Holm": same if real == 0 else ""})
    return rows


def any_false(p: Array, real: int, order: Order, weights: Sequence[float]) -> int:
    """Return in how many studies any of the contrasts after the first `real` is shown.

    Args:
        p: overall p-values, looks x studies x contrasts.
    """
    if real == 0:  # the first claim of all is false, and made at the first shares
        shares = current_shares(np.ones(len(weights), dtype=bool), order, weights)
        return int((p <= shares * ALPHA).any(axis=(0, 2)).sum())
    tried = np.flatnonzero((p[..., real:] <= ALPHA).any(axis=(0, 2)))
    return sum(bool(shown(p[:, study], order, weights)[real:].any()) for study in tried)


def shown(p: Array, order: Order, weights: Sequence[float]) -> NDArray[np.bool_]:
    """Return which contrasts one study shows after all looks (p: looks x contrasts)."""
    current, decided = p[0], np.zeros(p.shape[1], dtype=bool)
    for at_look in p:
        current = np.where(decided, current, at_look)
        decided = adjust_p_values(current, order, weights) <= ALPHA
    return decided


def check_looks(scores: Array, p: Array, order: Order, weights: Sequence[float]) -> None:
    """Check that the report's own table makes the same claims of a study and no others."""
    contrasts = [
        ContrastParams(a=f"arm{arm}", b="arm0", weight=weight)
        for arm, weight in enumerate(weights, start=1)
    ]
    statistics, rng = StatisticsParams(resamples=9, order=order), np.random.default_rng(0)
    table = contrast_table(score_table(scores), contrasts, statistics, rng=rng, looks=LOOKS)
    assert (table["decided"].to_numpy() == shown(p, order, weights)).all(), table[["p_adjusted"]]


def stops(p_values: Array) -> NDArray[np.intp]:
    """Return the look at which each study is decided, or the last one."""
    is_shown = p_values <= ALPHA
    return np.where(is_shown.any(axis=0), is_shown.argmax(axis=0), len(p_values) - 1)


def stopped_coverage(studies: int, rng: np.random.Generator) -> list[Row]:
    """Return how often the interval at the look where a study stops holds the true difference."""
    rows: list[Row] = []
    for name, noise in NOISES.items():
        equal = paired(simulate(noise, studies, LOOKS.last, rng))
        at_look = np.stack([claim_ps(equal[:, :n], SUPERIOR) for n in LOOKS.seeds])
        row: Row = {"scores": name}
        for effect in EFFECTS:
            shift = effect * float(equal.std())
            at = stops(path_ps(np.round(equal + shift, 12), SUPERIOR))
            p = at_look[at, np.arange(studies)]  # of the truth, which the interval holds if not <=
            for kind, levels in intervals().items():
                held = int((p > np.array(levels)[at]).sum())
                row[f"{kind}: {effect:g}"] = percent(held, studies)
        rows.append(row)
    return rows


def intervals() -> Mapping[str, list[float]]:
    """Return the levels at each look of the repeated interval and of the t-interval."""
    repeated = [nominal_level(ALPHA, look, LOOKS, sides=2) for look in range(len(LOOKS.seeds))]
    return {"repeated": repeated, "t": [ALPHA] * len(repeated)}


def seeds_to_decision(studies: int, rng: np.random.Generator) -> list[Row]:
    """Return how studies of one contrast end, by effect and margin, with normal differences."""
    rows: list[Row] = []
    for margin, effect in product(MARGINS, EFFECTS):
        differences = effect + rng.normal(size=(studies, LOOKS.last))
        claimed = path_ps(differences, SUPERIOR)
        within = np.ones_like(claimed)
        if margin > 0:
            equivalent = ContrastParams(a="a", b="b", claim="equivalent", margin=margin)
            within = path_ps(differences, equivalent)
        at = stops(np.minimum(claimed, within)), np.arange(studies)
        is_claimed, is_same = claimed[at] <= ALPHA, within[at] <= ALPHA
        seeds = np.array(LOOKS.seeds)[at[0]]
        rows.append(
            {
                "margin": margin,
                "d_z": effect,
                "better or worse": percent(int(is_claimed.sum()), studies),
                "the same": percent(int((is_same & ~is_claimed).sum()), studies),
                "undecided": percent(int((~is_same & ~is_claimed).sum()), studies),
                "seeds": f"{seeds.mean():.1f} ± {seeds.std() / np.sqrt(studies):.1f}",
                "at one look": _fixed(differences, margin, studies),
            }
        )
    return rows


def _fixed(differences: Array, margin: float, studies: int) -> str:
    """Return how often all seeds decide when they are tested once."""
    p = claim_ps(differences, SUPERIOR)
    if margin > 0:
        contrast = ContrastParams(a="a", b="b", claim="equivalent", margin=margin)
        p = np.minimum(p, claim_ps(differences, contrast))
    return percent(int((p <= ALPHA).sum()), studies)


def real_arms(margin: float = 0.02) -> list[Row]:
    """Return the looks of the real A/A, whose seeds reach four of them."""
    first, second = np.reshape(TRAININGS, (2, 20))
    differences, rows = np.round(first - second, 12)[None], []
    equivalent = ContrastParams(a="a", b="b", claim="equivalent", margin=margin)
    few = Looks(tuple(n for n in LOOKS.seeds if n <= 20))
    claimed, within = path_ps(differences, SUPERIOR, few), path_ps(differences, equivalent, few)
    for n, p, same in zip(few.seeds, claimed[:, 0], within[:, 0], strict=True):
        rows.append({"seeds": n, "p": f"{p:.3f}", f"p within ±{margin}": f"{same:.3f}"})
    return rows

"""Each contrast looked at in two other ways, image by image: do they say what the t-test says?

The hierarchical bootstrap draws images inside seeds; the mixed model has both as random effects.
Neither decides a sentence; docs/development/trust.md measures how often their intervals hold the
truth.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy import stats

from frugalseg.statistics.bootstrap import (
    Sums,
    bootstrap_difference,
    dice_sums,
    image_differences,
    observed_scores,
    resample_scores,
)
from frugalseg.statistics.contrast import Contrast
from frugalseg.statistics.mixed import MixedFit, fit_mixed

Kind = Literal["dice", "dice_pooled"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""Metrics that are worked out here from the counts of single images."""

COLUMNS = (
    *("a", "b", "metric", "at", "n", "missing", "difference", "boot_low", "boot_high"),
    *("mixed_mean", "mixed_low", "mixed_high", "p_mixed"),
    *("seed_sd", "image_sd", "rest_sd", "seeds", "images", "note"),
)

CountsOf = Mapping[str, Mapping[int, pd.DataFrame]]


def sensitivity_table(
    counts: CountsOf,
    contrasts: Sequence[Contrast],
    *,
    confidence: float = 0.95,
    resamples: int = 10_000,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return one row per contrast, in the order given, with `COLUMNS`.

    Args:
        counts: arm -> seed -> table with `image_id, tp, fp, fn` of the arm's last round, one class
            and one threshold; empty where that cannot be had (several classes).
        contrasts: the planned ones.
        confidence: of both intervals.
        resamples: of the bootstrap.
        rng: every metric and every contrast draws from its own child of it.

    Returns:
        `difference` = a minus b, mean over the `n` seeds that all compared arms have (`missing`
        names the others); `boot_*` = its interval by the hierarchical bootstrap; `mixed_*` and
        `p_mixed` = mean difference by the mixed model with its Wald interval and test, over
        `images` images of `seeds` seeds; `*_sd` = standard deviations of its parts; `note` = why
        numbers are not there.
    """
    drawn: dict[str, _Drawn | None] = {
        kind: _drawn(counts, contrasts, kind, resamples, child)
        for kind, child in zip(KINDS, rng.spawn(len(KINDS)), strict=True)
    }
    rows: list[dict[str, Any]] = []
    for contrast, child in zip(contrasts, rng.spawn(len(contrasts)), strict=True):
        head = {"a": contrast.a, "b": contrast.b, "metric": contrast.metric, "at": contrast.at}
        found = drawn.get(contrast.metric) if contrast.at == "final" else None
        rows.append(
            head | (_row(contrast, found, confidence, child) if found else _nothing(contrast))
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


class _Drawn:
    """The images of all arms compared in one metric, and their bootstrap scores."""

    def __init__(
        self, sums: Sums, missing: Sequence[str], resamples: int, rng: np.random.Generator
    ) -> None:
        self.sums, self.missing = sums, missing
        self.scores = resample_scores(sums, rng, resamples=resamples)


def _drawn(
    counts: CountsOf,
    contrasts: Sequence[Contrast],
    kind: Kind,
    resamples: int,
    rng: np.random.Generator,
) -> _Drawn | None:
    chosen = [c for c in contrasts if c.metric == kind and c.at == "final"]
    arms = dict.fromkeys(arm for c in chosen for arm in (c.a, c.b))
    seeds = sorted({seed for arm in arms for seed in counts.get(arm, {})})
    whole = [seed for seed in seeds if all(seed in counts.get(arm, {}) for arm in arms)]
    if not whole:
        return None
    missing = [
        f"seed {seed}: no counts of {', '.join(a for a in arms if seed not in counts.get(a, {}))}"
        for seed in seeds
        if seed not in whole
    ]
    shared = {arm: {seed: counts[arm][seed] for seed in whole} for arm in arms}
    return _Drawn(dice_sums(shared, kind=kind), missing, resamples, rng)


def _row(
    contrast: Contrast, drawn: _Drawn, confidence: float, rng: np.random.Generator
) -> dict[str, Any]:
    sums, a, b = drawn.sums, contrast.a, contrast.b
    observed = observed_scores(sums)
    differences = observed[:, sums.arms.index(a)] - observed[:, sums.arms.index(b)]
    known = differences[np.isfinite(differences)]
    boot = bootstrap_difference(drawn.scores, sums, a, b, confidence=confidence)
    row = {
        "n": known.size,
        "missing": "; ".join(drawn.missing),
        "difference": float(known.mean()) if known.size else np.nan,
        "boot_low": boot.low,
        "boot_high": boot.high,
    }
    if contrast.metric != "dice":
        return row | {"note": "a ratio over all pixels has no value of an image: no mixed model"}
    return row | _mixed(fit_mixed(image_differences(sums, a, b), rng), confidence)


def _mixed(fit: MixedFit, confidence: float) -> dict[str, Any]:
    reach = stats.norm.isf((1 - confidence) / 2) * fit.error
    return {
        "mixed_mean": fit.mean,
        "mixed_low": fit.mean - reach,
        "mixed_high": fit.mean + reach,
        "p_mixed": fit.p,
        "seed_sd": fit.seed_sd,
        "image_sd": fit.image_sd,
        "rest_sd": fit.rest_sd,
        "seeds": fit.seeds,
        "images": fit.images,
        "note": fit.note,
    }


def _nothing(contrast: Contrast) -> dict[str, Any]:
    known = " and ".join(KINDS)
    if contrast.at != "final" or contrast.metric not in KINDS:
        return {"n": 0, "missing": "", "note": f"worked out for the final {known} only"}
    return {"n": 0, "missing": "", "note": "no counts of one class that all compared arms share"}

"""Hierarchical bootstrap: seeds are drawn, then images inside each drawn seed."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.statistics.interval import Interval

DRAWS = 1 << 21
"""Images drawn at once: bounds the memory, whatever the number of images and resamples."""


class Sums(NamedTuple):
    """Per-image parts of a score that is a ratio of sums over images.

    Attributes:
        seeds: in the order of the arrays below.
        arms: names of the last axis.
        images: one array of image names per seed.
        numerators, denominators: one array per seed, float64, images x arms. Of pooled Dice they
            are 2 tp and 2 tp + fp + fn; of the mean over positive images Dice and 1.
    """

    seeds: tuple[int, ...]
    arms: tuple[str, ...]
    images: tuple[NDArray[np.object_], ...]
    numerators: tuple[NDArray[np.float64], ...]
    denominators: tuple[NDArray[np.float64], ...]


def dice_sums(
    counts: Mapping[str, Mapping[int, pd.DataFrame]],
    *,
    kind: Literal["dice", "dice_pooled"] = "dice",
) -> Sums:
    """Return the parts of Dice, image by image.

    Args:
        counts: arm -> seed -> table with `image_id, tp, fp, fn`, one row an image: the last round,
            one class and one threshold of counts.parquet. All arms have the same seeds.
        kind: `dice` = mean over the images that hold the class, `dice_pooled` = of all pixels.

    Raises:
        FrugalsegError: if the arms do not have the same images under a seed.
    """
    seeds = tuple(next(iter(counts.values())))
    images, numerators, denominators = [], [], []
    for seed in seeds:
        tables = [by_seed[seed].set_index("image_id").sort_index() for by_seed in counts.values()]
        for arm, table in zip(counts, tables, strict=True):
            if not table.index.is_unique or not table.index.equals(tables[0].index):
                raise FrugalsegError(
                    f"The images of seed {seed} differ between the arms {next(iter(counts))!r} "
                    f"and {arm!r}, or come twice. Evaluate both on the same test split."
                )
        overlap = 2.0 * np.column_stack([table["tp"] for table in tables])
        total = overlap + np.column_stack([table["fp"] + table["fn"] for table in tables])
        if kind == "dice":
            positive = np.column_stack([table["tp"] + table["fn"] > 0 for table in tables])
            overlap = np.divide(overlap, total, out=np.zeros_like(total), where=positive)
            total = positive.astype(np.float64)
        images.append(tables[0].index.to_numpy(dtype=object))
        numerators.append(overlap)
        denominators.append(total)
    return Sums(seeds, tuple(counts), tuple(images), tuple(numerators), tuple(denominators))


def resample_scores(
    sums: Sums, rng: np.random.Generator, *, resamples: int = 10_000
) -> NDArray[np.float64]:
    """Return bootstrap scores of every arm: mean over drawn seeds of the score of drawn images.

    Each resample draws as many seeds as there are, with replacement, and for each of them as many
    images as it has, with replacement (Davison and Hinkley, 1997, section 3.8). All arms share the
    draws, so differences between arms are paired by seed and by image.

    Args:
        sums: per-image parts.
        rng: generator of the draws.
        resamples: number of bootstrap resamples.

    Returns:
        float64, resamples x arms. A draw without any image that the score is defined on is left
        out of its resample's mean; NaN if that is so for every seed of it.
    """
    seeds = len(sums.seeds)
    drawn = rng.integers(0, seeds, size=(resamples, seeds)).ravel()
    scores = np.empty((resamples * seeds, len(sums.arms)))
    for seed, parts in enumerate(zip(sums.numerators, sums.denominators, strict=True)):
        places = np.flatnonzero(drawn == seed)
        scores[places] = _draw_images(*parts, places.size, rng)
    by_resample = scores.reshape(resamples, seeds, -1)
    defined = np.isfinite(by_resample)
    with np.errstate(invalid="ignore"):
        means: NDArray[np.float64] = np.nansum(by_resample, axis=1) / defined.sum(axis=1)
    return means


def _draw_images(
    numerators: NDArray[np.float64],
    denominators: NDArray[np.float64],
    draws: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Return `draws` x arms scores of one seed, its images drawn with replacement."""
    images, arms = numerators.shape
    parts = np.hstack([numerators, denominators])
    scores = np.empty((draws, arms))
    step = max(1, DRAWS // images)
    for start in range(0, draws, step):
        size = min(step, draws - start)
        chosen = rng.integers(0, images, size=(size, images), dtype=np.int32)
        chosen += np.arange(size, dtype=np.int32)[:, None] * images
        # How often each image is drawn: the sums over drawn images are then one matrix product for
        # all arms, instead of a gather for each.
        times = np.bincount(chosen.ravel(), minlength=size * images).reshape(size, images)
        sums = times.astype(np.float64) @ parts
        with np.errstate(invalid="ignore", divide="ignore"):
            scores[start : start + step] = sums[:, :arms] / sums[:, arms:]
    return scores


def bootstrap_difference(
    scores: NDArray[np.float64], sums: Sums, a: str, b: str, *, confidence: float = 0.95
) -> Interval:
    """Return the percentile interval of a minus b from the `scores` of `resample_scores`."""
    difference = scores[:, sums.arms.index(a)] - scores[:, sums.arms.index(b)]
    tail = (1 - confidence) / 2
    low, high = np.nanquantile(difference, [tail, 1 - tail])
    return Interval(float(low), float(high))


def observed_scores(sums: Sums) -> NDArray[np.float64]:
    """Return the scores as they are, seeds x arms; NaN where a seed has no image for them."""
    parts = zip(sums.numerators, sums.denominators, strict=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.stack([top.sum(axis=0) / bottom.sum(axis=0) for top, bottom in parts])


def image_differences(sums: Sums, a: str, b: str) -> pd.DataFrame:
    """Return a minus b on each image where both scores are defined, for `mixed.fit_mixed`.

    Returns:
        Columns `seed, image_id, difference`.
    """
    tables: list[pd.DataFrame] = []
    for seed, names, top, bottom in zip(
        sums.seeds, sums.images, sums.numerators, sums.denominators, strict=True
    ):
        ratio = np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)
        difference = ratio[:, sums.arms.index(a)] - ratio[:, sums.arms.index(b)]
        tables.append(pd.DataFrame({"seed": seed, "image_id": names, "difference": difference}))
    return pd.concat(tables).dropna(ignore_index=True)

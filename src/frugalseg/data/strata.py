"""Strata of a draw, by image tag and defect area, and a draw that is balanced over all of them."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

AREA_BINS = 3
"""Small, middle and large: thirds of the images with a defect, by the share of it in the image."""


def tag_and_area(images: pd.DataFrame, units: NDArray[np.int64]) -> NDArray[np.object_]:
    """Return the stratum of each unit: the tags of its images, and their share of defect.

    Args:
        images: `image_label`, and the numbers of `foreground` and labelable `pixels`.
        units: the unit of each image.

    Returns:
        One text a unit, in the order of the sorted unit numbers.
    """
    table = images[["image_label", "foreground", "pixels"]].groupby(units)
    tags = table["image_label"].agg(lambda labels: "|".join(sorted(set(labels))))
    share = table["foreground"].sum() / table["pixels"].sum().clip(lower=1)
    bins = area_bins(share.to_numpy(np.float64))
    return np.array([f"{t}/{b}" for t, b in zip(tags, bins, strict=True)], object)


def area_bins(share: NDArray[np.float64]) -> NDArray[np.int64]:
    """Number the quantile bin of each foreground share: 0 for none, then 1 to `AREA_BINS`.

    Equal shares fall into one bin; the bins depend on the shares alone.
    """
    bins = np.zeros(len(share), np.int64)
    positive = share > 0
    if positive.any():
        edges = np.quantile(share[positive], np.arange(1, AREA_BINS) / AREA_BINS)
        bins[positive] = 1 + np.searchsorted(edges, share[positive], side="left")
    return bins


def systematic_order(
    strata: NDArray[np.object_], share: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Order units so that the first `share` of them holds every stratum's share to within one.

    Systematic sampling from a list sorted by stratum (Madow and Madow 1944): every unit has the
    same chance to be among the first, even if it is alone in its stratum. The rest is random.

    Returns:
        int64 positions into `strata`; the first floor(share x N + 1/2) of them, at least one, are
        the sample.
    """
    count = len(strata)
    sampled = min(count, max(1, int(share * count + 0.5)))
    codes = np.unique(strata.astype(str), return_inverse=True)[1]
    listed = np.lexsort((rng.random(count), codes))
    points = ((np.arange(sampled) + rng.random()) * (count / sampled)).astype(np.int64)
    points = np.minimum(points, count - 1)
    rest = np.delete(listed, points)
    return np.concatenate([rng.permutation(listed[points]), rng.permutation(rest)])

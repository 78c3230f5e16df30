"""Confidence interval of a mean over seeds and images that are crossed."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from frugalseg.statistics.interval import UNDEFINED, Interval, is_constant


class Crossed(NamedTuple):
    """The interval, and the standard deviations of the three parts of the values.

    Attributes:
        interval: of the mean over further seeds and new images.
        seed_sd, image_sd: between seeds and between images, 0 where they do not exceed the rest.
        rest_sd: of what neither explains.
    """

    interval: Interval
    seed_sd: float = np.nan
    image_sd: float = np.nan
    rest_sd: float = np.nan


def crossed_interval(values: NDArray[np.float64], confidence: float = 0.95) -> Crossed:
    """Return the interval of the mean of values[seed, image] = mean + seed + image + rest.

    The mean squares of the two-way layout give the variance of the mean, s_seed^2 / seeds +
    s_image^2 / images + s_rest^2 / (seeds * images), and Satterthwaite (1946) its degrees of
    freedom (Searle, Casella and McCulloch, 1992, section 4.3). The interval is never narrower than
    the t-interval over seeds, which says less: at three seeds Satterthwaite is too sure
    (docs/development/trust.md).

    Args:
        values: float64, seeds x images, finite.
        confidence: in (0, 1).

    Returns:
        `UNDEFINED` and NaN with one seed, with one image, or without spread.
    """
    if min(values.shape) < 2 or is_constant(values):
        return Crossed(UNDEFINED)
    seeds, images = values.shape
    of_seeds, of_images = values.mean(axis=1), values.mean(axis=0)
    mean = float(values.mean())
    rest = values - of_seeds[:, None] - of_images + mean
    freedom = np.array([seeds - 1, images - 1, (seeds - 1) * (images - 1)])
    squares = np.array(
        [
            images * np.sum((of_seeds - mean) ** 2),
            seeds * np.sum((of_images - mean) ** 2),
            np.sum(rest**2),
        ]
    )
    seed, image, rest_square = (mean_squares := squares / freedom)
    beyond_seed, beyond_image = max(seed - rest_square, 0.0), max(image - rest_square, 0.0)
    total = beyond_seed + beyond_image + rest_square
    upper = (1 + confidence) / 2
    reach = max(
        stats.t.ppf(upper, total**2 / np.sum(mean_squares**2 / freedom)) * np.sqrt(total),
        stats.t.ppf(upper, seeds - 1) * np.sqrt(seed),
    ) / np.sqrt(values.size)
    return Crossed(
        Interval(mean - float(reach), mean + float(reach)),
        seed_sd=float(np.sqrt(beyond_seed / images)),
        image_sd=float(np.sqrt(beyond_image / seeds)),
        rest_sd=float(np.sqrt(rest_square)),
    )

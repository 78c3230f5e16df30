"""Levels of the t-tests at the looks of a group-sequential study, and what follows from them.

Under the null hypothesis of normal differences the path of t over the looks has one distribution,
whatever the scatter. The level of each look is chosen so that the chance of passing it first there
is what the look may spend (Lan and DeMets, 1983). A two-sided test is two one-sided ones at half
the error rate.
"""

import math
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from frugalseg.core.randomness import generator
from frugalseg.statistics.interval import UNDEFINED, Interval, is_constant
from frugalseg.statistics.sequential.looks import Looks

PATHS = 200_000
"""Simulated paths; levels of error rates from 1e-6 on have a standard error of up to 4 %."""

ALPHAS = np.concatenate([np.geomspace(1e-12, 1e-6, 13)[:-1], np.geomspace(1e-6, 0.5, 60), [1.0]])
"""One-sided error rates for which levels are tabulated."""

SIMULATED = 1e-6
"""Smallest error rate whose levels are simulated."""

STEEPEST = 10.0
"""Largest mean of z at the first look, among the drifts of simulated paths."""

Array = NDArray[np.float64]


class LookLevels(NamedTuple):
    """One-sided levels of each look by error rate, shape (error rates, looks).

    Attributes:
        exact: use the correlation of the looks.
        separate: what a look adds to the spent error rate, valid under any correlation (Bonferroni)
            and therefore where seeds are missing.
    """

    exact: Array
    separate: Array

    def of(self, look: int, *, complete: bool) -> Array:
        """Return the levels of one look, given whether it has all of its planned seeds."""
        return (self.exact if complete else self.separate)[:, look]


def nominal_level(
    alpha: float, look: int, looks: Looks, *, sides: int, complete: bool = True
) -> float:
    """Return the level of the t-test at one look.

    Args:
        alpha: error rate over all looks, in (0, 1).
        look: its place, from 0.
        looks: the plan.
        sides: 1 or 2.
        complete: whether the look has all of its planned seeds; without them its level is smaller,
            `LookLevels.separate`.

    Example:
        >>> round(nominal_level(0.05, 0, Looks((5, 8, 12, 17, 24, 34, 50)), sides=2), 4)
        0.005
    """
    levels = tabulate(looks).of(look, complete=complete)
    log_level = np.interp(math.log(alpha / sides), np.log(ALPHAS), np.log(levels))
    return min(1.0, sides * math.exp(log_level))


def overall_p(
    p_values: Array | float, look: int, looks: Looks, *, sides: int, complete: bool = True
) -> Array:
    """Return the smallest error rate over all looks at which a test at one look shows its claim.

    It is the p-value of a group-sequential test (Liu and Anderson, 2008), so that an order of
    contrasts adjusts it like any other (Maurer and Bretz, 2013).

    Args:
        p_values: of the t-test at the look, in [0, 1] or NaN.
        look, looks, sides, complete: as in `nominal_level`.

    Returns:
        float64, the shape of `p_values`, in [1e-12, 1] or NaN.
    """
    levels = tabulate(looks).of(look, complete=complete)
    one_sided = np.maximum(np.asarray(p_values) / sides, np.finfo(np.float64).tiny)
    log_alpha = np.interp(np.log(one_sided), np.log(levels), np.log(ALPHAS))
    return np.asarray(np.minimum(1.0, sides * np.exp(log_alpha)))


def repeated_interval(
    differences: Array, look: int, looks: Looks, confidence: float = 0.95
) -> Interval:
    """Return an interval of the mean that is valid at whatever look a study stops.

    All intervals of a study hold the mean at once with this confidence (Jennison and Turnbull,
    1989), so that neither the stopping rule nor the other contrasts matter.

    Args:
        differences: float64, shape (n,), of the first seeds; fewer than planned make it wider.
        look, looks: as in `nominal_level`.
        confidence: in (0, 1).

    Returns:
        `UNDEFINED` if there are fewer than two values or all are equal.
    """
    if is_constant(differences):
        return UNDEFINED
    n = differences.size
    complete = n == looks.seeds[look]
    level = nominal_level(1 - confidence, look, looks, sides=2, complete=complete)
    reach = stats.t.isf(level / 2, n - 1) * np.std(differences, ddof=1) / math.sqrt(n)
    mean = float(np.mean(differences))
    return Interval(mean - float(reach), mean + float(reach))


@cache
def tabulate(looks: Looks) -> LookLevels:
    """Return the levels of all looks at the error rates `ALPHAS`, by a seeded simulation."""
    tiny = np.finfo(np.float64).tiny
    spent = np.maximum(looks.spent(ALPHAS), tiny)
    separate = np.maximum(np.diff(spent, axis=1, prepend=0.0), tiny)
    p_values, weights = simulate_paths(looks)
    ascending = np.argsort(p_values, axis=1)
    separate[-1] = spent[-1] = 1.0
    exact = separate.copy()
    for row in np.flatnonzero((ALPHAS >= SIMULATED) & (ALPHAS < 1)):
        exact[row] = _levels(separate[row], p_values, weights, ascending)
    exact = np.clip(exact, separate, spent)  # which noise must not leave
    return LookLevels(_monotone(exact), _monotone(separate))


def _monotone(levels: Array) -> Array:
    """Return levels that grow with the error rate, by making some smaller.

    O'Brien and Fleming's spending leaves little for late looks once the error rate is large.
    """
    return np.minimum.accumulate(levels[::-1], axis=0)[::-1]


def _levels(
    increments: Array, p_values: Array, weights: Array, ascending: NDArray[np.intp]
) -> Array:
    """Return the level of each look, at which the paths that pass it first weigh its increment."""
    levels = increments.copy()
    waiting = np.ones(p_values.shape[1], dtype=bool)
    for look, increment in enumerate(increments):
        if look > 0:  # the level of the first look is known
            order = ascending[look]
            mass = np.cumsum(weights[look, order] * waiting[order]) / waiting.size
            place = min(int(np.searchsorted(mass, increment)), waiting.size - 1)
            levels[look] = p_values[look, order[place]]
        waiting &= p_values[look] > levels[look]
    return levels


def simulate_paths(looks: Looks, paths: int = PATHS) -> tuple[Array, Array]:
    """Return one-sided p-values of paths of t and the weights that make them paths of the null.

    Paths drift upward to different degrees, so that many reach small p-values; a weight is the
    density of a path without drift, divided by its density over all drifts (importance sampling
    from a mixture; Owen and Zhou, 2000).

    Returns:
        Two arrays, float64, shape (looks, paths); weights average 1 at each look.
    """
    rng = generator("sequential boundary")
    steepest = STEEPEST / math.sqrt(looks.seeds[0])
    drifts = np.append(0.0, np.geomspace(1 / math.sqrt(looks.last), steepest, 8))
    drift = np.resize(drifts, paths)
    sums, squares = np.zeros(paths), np.zeros(paths)
    p_values, weights = np.empty((2, len(looks.seeds), paths))
    for look, (before, n) in enumerate(zip((0, *looks.seeds), looks.seeds, strict=False)):
        added = n - before
        step = added * drift + math.sqrt(added) * rng.normal(size=paths)
        sums += step
        squares += step**2 / added
        if added > 1:
            squares += rng.chisquare(added - 1, size=paths)
        cosine = sums / np.sqrt(n * squares)
        t = cosine * np.sqrt((n - 1) / (1 - cosine**2))
        p_values[look] = special.stdtr(n - 1, -t)
        weights[look] = 1 / mean_density_ratio(cosine, n, drifts)
    return p_values, weights


def mean_density_ratio(cosine: Array, n: int, drifts: Array) -> Array:
    """Return the density of t with one of several drifts, over its density without drift.

    Only the direction of the differences matters, of which t sees the cosine to (1, ..., 1): with
    drift mu its density ratio is exp(-n mu^2 / 2) E exp(R mu sqrt(n) cosine), R chi with n degrees
    of freedom. It is computed at quantiles of `cosine` and interpolated.
    """
    shift = math.sqrt(n) * drifts
    top = float(shift.max())
    radius = np.linspace(
        max(math.sqrt(n) - 9, 1e-9), (top + math.sqrt(top**2 + 4 * n)) / 2 + 9, 400
    )
    log_density = stats.chi.logpdf(radius, n) + math.log(radius[1] - radius[0])
    points = np.quantile(cosine, np.linspace(0, 1, 400))
    ratios = [
        np.exp(mu * points[:, None] * radius - mu**2 / 2 + log_density).sum(axis=1) for mu in shift
    ]
    return np.exp(np.interp(cosine, points, np.log(np.mean(ratios, axis=0))))

"""How many more labels are needed: what a learning curve says of larger budgets.

The means over seeds are extended by `curve_models`; what seeds do not tell about them is noise.
Intervals are those of the expected score over further seeds and
further images of the same kind, not of one training.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import digamma

from frugalseg.statistics.forecast.curve_models import draw_curves, fit_components
from frugalseg.statistics.interval import Interval
from frugalseg.statistics.score_table import select_scores

Floats = NDArray[np.float64]

DRAWS = 4_000
CONFIDENCE = 0.9
DOUBLINGS = np.arange(0, 5.01, 0.125)
"""Where curves are drawn: up to 32 times the last budget."""
LEAST_BUDGETS, LEAST_SEEDS = 3, 2
CORRELATION = 0.5
"""Of a seed's scores at a budget and at twice as many labels, measured on real curves."""
WHOLE = 0.95
"""Labeled share of the pool from which on seeds have the same labels: only trainings scatter."""
FLOOR = 0.003
"""Least standard deviation of a score over seeds that is believed."""
FLAT = 0.02
"""A curve that surely gained less than this from its first point on is called flat."""

State = Literal["reached", "takes", "takes at least", "not reached", "cannot be told"]


class LabelCurve(NamedTuple):
    """What is known of one way of labeling and learning.

    Attributes:
        seconds, images, fractions: cost, labeled images and labeled share of the pool, means over
            seeds, float64, shape (k,), ascending.
        scores: float64, seeds x k.
    """

    seconds: Floats
    images: Floats
    fractions: Floats
    scores: Floats


class Target(NamedTuple):
    """How much more labeling a target takes.

    Attributes:
        state: `reached`: by the last budget; `takes`: so much, within the interval; `takes at
            least`: so much, without an upper end; `not reached`: by no budget that is forecast;
            `cannot be told`: anything from the last budget to more than is forecast.
        ratio: budget over the last one: median, lower and upper end; infinity beyond the forecast.
            A lower end alone has the confidence of the interval.
    """

    state: State
    ratio: float
    low: float
    high: float


@dataclass(frozen=True)
class Forecast:
    """Curves that may follow a measured one.

    Attributes:
        draws: float64, draws x `DOUBLINGS`: expected scores.
        flat: whether the measured curve has surely gained next to nothing since its first point.
    """

    curve: LabelCurve
    draws: Floats
    flat: bool

    def score(self, ratio: float) -> tuple[float, Interval]:
        """Return the median and interval of the expected score at a multiple of the last budget."""
        return _summary(self._at(ratio))

    def gain(self, ratio: float) -> tuple[float, Interval]:
        """Return the same of its gain over the expected score at the last budget."""
        return _summary(self._at(ratio) - self.draws[:, 0])

    def target(self, value: float) -> Target:
        """Return how much labeling an expected score of `value` takes."""
        at_least = np.maximum.accumulate(self.draws, axis=1) >= value
        reached = at_least.any(axis=1)
        steps = np.where(reached, at_least.argmax(axis=1), len(DOUBLINGS))
        ratios = np.append(2.0**DOUBLINGS, np.inf)[np.sort(steps)]
        tail = (1 - CONFIDENCE) / 2
        low, one_sided, ratio, high = (
            float(ratios[int(share * (len(ratios) - 1))])
            for share in (tail, 2 * tail, 0.5, 1 - tail)
        )
        if np.isinf(low):
            return Target("not reached", ratio, low, high)
        if np.isinf(high):
            state: State = "takes at least" if one_sided > 1 else "cannot be told"
            return Target(state, ratio, min(one_sided, 2.0 ** DOUBLINGS[-1]), high)
        return Target("reached" if high == 1 else "takes", ratio, low, high)

    def _at(self, ratio: float) -> Floats:
        places = np.log2(ratio) / (DOUBLINGS[1] - DOUBLINGS[0])
        left = min(int(places), len(DOUBLINGS) - 2)
        share = min(places - left, 1.0)
        values: Floats = (1 - share) * self.draws[:, left] + share * self.draws[:, left + 1]
        return values


def label_curve(scores: pd.DataFrame, arms: Sequence[str], metric: str) -> LabelCurve | None:
    """Return the curve that the rounds of some arms make up, over ascending budgets.

    Args:
        scores: the tidy table of `scores.csv`.
        arms: whose rounds add to each other; of two rounds with the same labels the later counts.

    Returns:
        None with fewer than 3 budgets, or 2 seeds that have a finite score at all of them.
    """
    rows = select_scores(scores, metric)
    rows = rows[rows["arm"].isin(arms) & (rows["seconds"] > 0)]
    order = {arm: place for place, arm in enumerate(arms)}
    cells = rows.assign(place=rows["arm"].map(order)).groupby(["place", "round"], sort=True)
    costs = cells[["seconds", "images", "fraction"]].mean()
    costs = costs.assign(cost=costs["seconds"].round(3)).drop_duplicates("cost", keep="last")
    costs = costs.sort_values("seconds")
    values = pd.DataFrame(
        {key: cell.set_index("seed")["value"] for key, cell in cells if key in costs.index}
    )
    if values.empty:
        return None
    finite = values[list(costs.index)].dropna()
    if len(costs) < LEAST_BUDGETS or len(finite) < LEAST_SEEDS:
        return None
    seconds, images, fractions = costs[["seconds", "images", "fraction"]].to_numpy(np.float64).T
    return LabelCurve(seconds, images, fractions, finite.to_numpy(np.float64))


def forecast(curve: LabelCurve, rng: np.random.Generator) -> Forecast:
    """Return the curves that may follow `curve`."""
    doublings = np.log2(curve.seconds / curve.seconds[-1])
    noise = noise_of_means(doublings, curve.fractions, curve.scores)
    means = curve.scores.mean(axis=0)
    components = fit_components(doublings, means, noise)
    draws = draw_curves(components, DOUBLINGS, DRAWS, rng)
    rise = means[-1] - means[0]
    error = np.sqrt(max(noise[0, 0] + noise[-1, -1] - 2 * noise[0, -1], 0.0))
    return Forecast(curve, draws, bool(rise + 1.645 * error < FLAT))


def noise_of_means(doublings: Floats, fractions: Floats, scores: Floats) -> Floats:
    """Return the covariance of the mean scores around their expectations.

    Two sources: trainings and draws of labels scatter over seeds, and all seeds draw from one pool.
    The scatter that other pools would add at n labels is that of drawing n images, times the
    labeled share. Seeds with the whole pool do not show it: it is taken from smaller budgets, with
    variance falling as 1 / n. Scatter is smoothed, because few seeds tell little of it.

    Args:
        doublings: log2 of the budgets over the last one, float64, shape (k,).
        fractions: labeled share of the pool, in (0, 1], float64, shape (k,).
        scores: float64, seeds x k.

    Returns:
        float64, k x k.
    """
    seeds, budgets = scores.shape
    partly = fractions < WHOLE
    if partly.sum() < 2:  # too little to tell drawing from training: all of it counts as drawing
        partly = np.ones(budgets, dtype=bool)
    seen = scores.var(axis=0, ddof=1)
    training = 0.0 if partly.all() else float(seen[~partly].mean())
    left = np.where(partly, np.maximum(1 - fractions, 1 - WHOLE), 1.0)
    logs = np.log(np.maximum(seen - training, FLOOR**2) / left)[partly]
    line = np.polynomial.Polynomial.fit(doublings[partly], logs, 1)(doublings[partly])
    drawing = np.exp((line + logs) / 2)
    beyond = doublings[~partly] - doublings[partly][-1]
    drawing = np.append(drawing, drawing[-1] * 2.0**-beyond)
    half = (seeds - 1) / 2
    inflation = half / np.exp(digamma(half))  # the logarithm of a sample's variance is biased
    freedom = max(half * partly.sum(), 3.0)
    inflation *= freedom / (freedom - 2)  # as of Student's t, for a variance that is estimated
    variance = (drawing * np.where(partly, left, 0.0) + training) / seeds + drawing * fractions
    scale = np.sqrt(inflation * variance)
    kernel = CORRELATION ** np.abs(doublings[:, None] - doublings)
    covariance: Floats = kernel * scale[:, None] * scale + FLOOR**2 * np.eye(budgets)
    return covariance


def _summary(values: Floats) -> tuple[float, Interval]:
    tail = 50 * (1 - CONFIDENCE)
    low, middle, high = np.percentile(values, [tail, 50, 100 - tail])
    return float(middle), Interval(float(low), float(high))

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from frugalseg.statistics.forecast.forecast import (
    DOUBLINGS,
    FLOOR,
    Forecast,
    LabelCurve,
    forecast,
    label_curve,
    noise_of_means,
)

Array = NDArray[np.float64]
BUDGETS = np.array([2.0, 4.0, 8.0, 16.0, 32.0])


def curve_of(
    shape: Callable[[Array], Array], budgets: Array = BUDGETS, *, seeds: int = 5, sd: float = 0.01
) -> LabelCurve:
    rng = np.random.default_rng(1)
    scores = shape(budgets) + sd * rng.standard_normal((seeds, len(budgets)))
    return LabelCurve(60 * budgets, budgets, budgets / 1000, scores)


def ahead(shape: Callable[[Array], Array], **changes: object) -> Forecast:
    curve = curve_of(shape, **changes)  # type: ignore[arg-type]
    return forecast(curve, np.random.default_rng(2))


def made_up(*crossings: float) -> Forecast:
    """Curves that jump from 0 to 1 after so many doublings."""
    draws = (np.array(crossings)[:, None] <= DOUBLINGS).astype(float)
    return Forecast(curve_of(lambda n: 0 * n), draws, flat=False)


@pytest.mark.parametrize(
    "shape",
    [
        lambda n: 0.85 - 0.4 * n**-0.5,
        lambda n: 0.4 + 0.05 * np.log2(n),
        lambda n: 0.8 - 0.6 * np.exp(-n / 8),
        lambda n: 0.7 + 0 * n,
    ],
)
@pytest.mark.parametrize(("budgets", "seeds"), [(BUDGETS, 3), (BUDGETS[2:], 3), (BUDGETS, 10)])
def test_known_curves_lie_in_the_interval(
    shape: Callable[[Array], Array], budgets: Array, seeds: int
) -> None:
    result = ahead(shape, budgets=budgets, seeds=seeds)
    for ratio in (1.0, 2.0, 4.0):
        score, (low, high) = result.score(ratio)
        assert low < score < high
        assert low <= float(shape(32 * np.array([ratio]))[0]) <= high
    assert result.gain(1.0) == (0.0, (0.0, 0.0))


def test_a_steep_curve_gains_more_than_one_that_has_leveled_off() -> None:
    steep = ahead(lambda n: 0.3 + 0.08 * np.log2(n))
    level = ahead(lambda n: 0.7 - 0.4 * np.exp(-n))
    assert steep.gain(2)[0] == pytest.approx(0.08, abs=0.02)
    assert level.gain(2)[0] < 0.015
    assert not steep.flat
    assert ahead(lambda n: 0.9 + 0 * n).flat
    assert not level.flat


def test_more_seeds_and_less_scatter_narrow_the_interval() -> None:
    def width(**changes: object) -> float:
        low, high = ahead(lambda n: 0.8 - 0.3 * n**-0.5, **changes).score(2)[1]
        return high - low

    scattered = width(sd=0.05)
    assert width(sd=0.01) < scattered
    assert width(seeds=20, sd=0.05) < scattered


def test_targets_have_the_state_that_their_interval_allows() -> None:
    late = np.inf
    assert made_up(*[0.0] * 100).target(0.5) == ("reached", 1, 1, 1)
    state, ratio, low, high = made_up(*[1.0] * 50, *[2.0] * 51).target(0.5)
    assert (state, ratio, low, high) == ("takes", 4, 2, 4)
    assert made_up(*[late] * 100).target(0.5).state == "not reached"
    assert made_up(*[1.0] * 60, *[late] * 40).target(0.5) == ("takes at least", 2, 2, late)
    assert made_up(*[0.0] * 60, *[late] * 40).target(0.5) == ("cannot be told", 1, 1, late)


def test_the_scatter_of_other_pools_counts_where_all_of_one_is_labeled() -> None:
    doublings, fractions = np.array([-2.0, -1.0, 0.0]), np.array([0.25, 0.5, 1.0])
    deviations = np.array([0.1, 0.1 * 0.5**0.5, 0.05])  # variances of .01, .005, .0025
    scores = 0.6 + np.array([[1.0], [-1.0], [0.0]]) * deviations
    # the logarithm of a variance with 2 degrees of freedom is too low by Euler's constant; 3 such
    # variances count as one of 3 degrees, for which Student's t has a variance of 3
    unbiased = 3 * np.exp(np.euler_gamma)
    large = np.diag(noise_of_means(doublings, fractions / 1e6, scores)) - FLOOR**2
    assert large == pytest.approx(unbiased * np.array([0.01, 0.005, 0.0025]) / 3, rel=1e-4)
    scores[:, 2] = 0.6  # all seeds have the same images, and the same score
    small = np.diag(noise_of_means(doublings, fractions, scores)) - FLOOR**2
    # drawing 10 images from an endless pool scatters by .005 / (1 - .5), all 20 by half of it
    assert small[2] == pytest.approx(unbiased * 0.005, rel=0.02)
    assert small[1] == pytest.approx(unbiased * (0.005 / 3 + 0.005), rel=0.02)


def scores_table() -> pd.DataFrame:
    rows = [
        (arm, seed, number, images, 60.0 * images, images / 40, 0.5 + images / 100 + seed / 1000)
        for arm, budgets in {"full": [40], "initial": [10], "random": [20, 40]}.items()
        for number, images in enumerate(budgets)
        for seed in range(3)
    ]
    names = ["arm", "seed", "round", "images", "seconds", "fraction", "value"]
    return pd.DataFrame(rows, columns=names).assign(
        threshold="validation", metric="dice", **{"class": "all"}
    )


def test_a_curve_takes_each_budget_once_from_the_last_arm_that_has_it() -> None:
    scores = scores_table()
    scores.loc[scores["arm"] == "full", "value"] = 0.1
    curve = label_curve(scores, ["full", "initial", "random"], "dice")
    assert curve is not None
    assert curve.images.tolist() == [10, 20, 40]
    assert curve.seconds.tolist() == [600, 1200, 2400]
    assert curve.scores[:, -1].tolist() == pytest.approx([0.9, 0.901, 0.902])


def test_only_seeds_with_every_budget_make_up_the_curve() -> None:
    scores = scores_table()
    scores.loc[scores["seed"] == 2, ["images", "seconds"]] *= 1.5
    scores = scores[(scores["arm"] != "initial") | (scores["seed"] < 2)]
    curve = label_curve(scores, ["initial", "random"], "dice")
    assert curve is not None
    assert curve.images.tolist() == [10, 20, 40]
    assert curve.scores[:, 0].tolist() == pytest.approx([0.6, 0.601])


def test_an_arm_that_another_one_repeats_takes_no_seeds_away() -> None:
    scores = scores_table()
    scores = scores[(scores["arm"] != "full") | (scores["seed"] == 0)]
    curve = label_curve(scores, ["full", "initial", "random"], "dice")
    assert curve is not None
    assert curve.scores.shape == (3, 3)


def test_there_is_no_curve_of_two_budgets_or_one_seed() -> None:
    scores = scores_table()
    assert label_curve(scores, ["initial", "full"], "dice") is None
    assert label_curve(scores, ["nobody"], "dice") is None
    scores.loc[(scores["arm"] == "random") & (scores["seed"] > 0), "value"] = np.nan
    assert label_curve(scores, ["full", "initial", "random"], "dice") is None

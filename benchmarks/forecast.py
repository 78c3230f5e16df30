"""How often forecasts of learning curves hold: on real curves, and on simulated ones.

`python -m benchmarks forecast [--simulated | --trained] [--quick]` prints the tables of
docs/development/forecast.md: those of real curves, that of simulated ones, or that of the curves of
whole trainings in benchmarks/training_curves.csv. The real curves are those of
benchmarks/learning_curves.csv (see benchmarks/learning_curves.py): from the first budgets of a few
seeds, the mean of the other seeds at later budgets is forecast. Rows with a `user` are of pools of
12 or 32 images, which all seeds share; their forecasts are compared with the curve of the whole
pool.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.simulated import Array
from benchmarks.tables import Row, percent, show
from frugalseg.statistics.forecast.forecast import Forecast, LabelCurve, forecast
from frugalseg.statistics.forecast.table import next_targets

CURVES = Path(__file__).with_name("learning_curves.csv")
TRAINED = Path(__file__).with_name("training_curves.csv")
SEEDS = (3, 5, 8)
SPLITS = 4
"""How often seeds are drawn anew to forecast from."""
MASK = 60.0
Cases = tuple[list[Row], list[Row]]
"""Forecasts of later budgets, and answers about targets."""


def label_curve(scores: Array, images: Array, pool: float) -> LabelCurve:
    """Return a curve of seeds x budgets."""
    return LabelCurve(MASK * images, images, images / pool, scores)


def straight_line(curve: LabelCurve, ratio: float) -> float:
    """Return the score at a multiple of the last budget by a line in log n through the means."""
    line = np.polynomial.Polynomial.fit(np.log2(curve.images), curve.scores.mean(axis=0), 1)
    return float(line(np.log2(curve.images[-1] * ratio)))


def compare(curve: LabelCurve, truth: pd.Series, case: Row, rng: np.random.Generator) -> Cases:
    """Return what was forecast of later budgets and of targets, beside the truth.

    Args:
        truth: mean scores by labeled images, of other seeds.
    """
    result = forecast(curve, rng)
    last = curve.images[-1]
    rows = []
    budgets = truth.index.to_numpy(np.float64)
    for images, value in zip(budgets, truth.to_numpy(np.float64), strict=True):
        if images <= last:
            continue
        ratio = float(images / last)
        score, bounds = result.score(ratio)
        rows.append(
            case
            | {
                "ratio": ratio,
                "covered": bounds.low <= value <= bounds.high,
                "width": bounds.high - bounds.low,
                "forecast": abs(score - value),
                "no change": abs(curve.scores[:, -1].mean() - value),
                "line in log n": abs(straight_line(curve, ratio) - value),
            }
        )
    return rows, [case | answer for answer in answers(result, truth)]


def answers(result: Forecast, truth: pd.Series) -> Iterator[Row]:
    """Yield what is said of the next targets, and whether it is true as far as is known."""
    images, values = truth.index.to_numpy(float), np.maximum.accumulate(truth.to_numpy())
    last, most = result.curve.images[-1], images[-1]
    for target in next_targets(result):
        state, _, low, high = result.target(target)
        enough = np.flatnonzero(values >= target)
        needed = np.inf
        if len(enough):
            first = enough[0]
            needed = images[first]
            if first:
                share = (target - values[first - 1]) / (values[first] - values[first - 1])
                logs = np.log2(images[first - 1 : first + 1])
                needed = float(2 ** (logs[0] + share * (logs[1] - logs[0])))
        holds = last * low <= needed * 1.0001 or low == 1
        if np.isinf(needed):
            holds = last * high >= most
        elif np.isfinite(high):
            holds &= needed <= last * high * 1.0001
        yield {"state": state, "holds": bool(holds)}


def from_each_budget(
    few: pd.DataFrame, others: pd.Series, pool: float, case: Row, rng: np.random.Generator
) -> Iterator[Cases]:
    """Yield what the first 3, 4, ... budgets of a few seeds forecast of the mean of the others.

    Args:
        few: seeds x labeled images.
    """
    images = few.columns.to_numpy(float)
    for budgets in range(3, len(images)):
        curve = label_curve(few.to_numpy()[:, :budgets], images[:budgets], pool)
        yield compare(curve, others, case | {"budgets": budgets}, rng)


def whole_pools(table: pd.DataFrame, rng: np.random.Generator) -> Cases:
    """Return forecasts from every number of budgets, of seeds that draw from the whole pool."""
    rows, said = [], []
    for (dataset, learner), own in table[table["user"] == 0].groupby(["dataset", "learner"]):
        wide = own.pivot(index="seed", columns="images", values="dice").dropna()
        pool = float(own["pool"].iloc[0])
        for seeds, _ in product(SEEDS, range(SPLITS)):
            if len(wide) < seeds + 3:
                continue
            chosen = rng.permutation(len(wide))
            few, others = wide.iloc[chosen[:seeds]], wide.iloc[chosen[seeds:]].mean()
            case: Row = {"curve": f"{dataset}, {learner}", "kind": learner, "seeds": seeds}
            for found in from_each_budget(few, others, pool, case, rng):
                rows += found[0]
                said += found[1]
    return rows, said


def small_pools(table: pd.DataFrame, rng: np.random.Generator) -> Cases:
    """Return forecasts of users who have a small pool, compared with the whole one."""
    rows, said = [], []
    for (dataset, learner), own in table.groupby(["dataset", "learner"]):
        truth = own[own["user"] == 0].groupby("images")["dice"].mean()
        for (_, size), mine in own[own["user"] > 0].groupby(["user", "pool"]):
            wide = mine.pivot(index="seed", columns="images", values="dice").dropna()
            images = wide.columns.to_numpy(float)
            pool = float(str(size))
            doubled = pool * 2.0 ** np.arange(8)
            doubled = doubled[doubled <= truth.index[-1]]
            values = np.interp(np.log2(doubled), np.log2(truth.index.to_numpy(float)), truth)
            case: Row = {"curve": f"{dataset}, {learner}", "kind": learner}
            case |= {"seeds": len(wide), "budgets": len(images)}
            curve = label_curve(wide.to_numpy(), images, pool)
            found = compare(curve, pd.Series(values, doubled), case, rng)
            rows += found[0]
            said += found[1]
    return rows, said


def trainings(table: pd.DataFrame, rng: np.random.Generator) -> Iterator[Row]:
    """Yield forecasts from every half of the few seeds of a network, compared with the others."""
    for dataset, own in table.groupby("dataset"):
        wide = own.pivot(index="seed", columns="images", values="dice")
        pool = float(own["pool"].iloc[0])
        for half in map(list, combinations(wide.index, len(wide) // 2)):
            few, others = wide.loc[half], wide.drop(index=half).mean()
            for found in from_each_budget(few, others, pool, {"curve": dataset}, rng):
                yield from found[0]


SHAPES: Mapping[str, Callable[[Array], Array]] = {
    "power law, c = .5": lambda n: 0.85 - 0.4 * n**-0.5,
    "power law, c = .25": lambda n: 0.95 - 0.6 * n**-0.25,
    "line in log n": lambda n: 0.3 + 0.06 * np.log2(n),
    "plateau, reached early": lambda n: 0.7 - 0.3 * np.exp(-n),
    "plateau, reached late": lambda n: 0.8 - 0.6 * np.exp(-n / 24),
    "starts at zero": lambda n: 0.8 / (1 + (12 / n) ** 2),
    "dips": lambda n: 0.85 - 0.4 * n**-0.5 - 0.06 * (np.log2(n) == 4),
    "flat": lambda n: 0.7 + 0 * n,
}
"""Expected scores after n labels."""
BUDGETS: Array = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])


def simulated(studies: int, rng: np.random.Generator) -> Iterator[Row]:
    """Yield coverage and width on curves that are known.

    All seeds draw from one pool of 32 images: the scatter of drawing n of them, .1 / sqrt(n), is
    partly shared, and each training scatters by .02.
    """
    scatter = 0.1 / np.sqrt(BUDGETS)
    shared = np.sqrt(BUDGETS / BUDGETS[-1])
    for (name, shape), seeds in product(SHAPES.items(), (3, 5, 10, 20)):
        hits, widths, errors = np.zeros(2, int), [], []
        for _ in range(studies):
            pool = rng.standard_normal()
            draws = np.cumsum(
                rng.standard_normal((seeds, 6)) * np.sqrt(np.diff(BUDGETS, prepend=0)), 1
            )
            draws /= np.sqrt(BUDGETS)
            noise = shared * pool + np.sqrt(1 - shared**2) * draws
            scores = shape(BUDGETS) + scatter * noise + 0.02 * rng.standard_normal((seeds, 6))
            result = forecast(label_curve(np.clip(scores, 0, 1), BUDGETS, BUDGETS[-1]), rng)
            for place, ratio in enumerate((2.0, 4.0)):
                score, bounds = result.score(ratio)
                truth = float(shape(BUDGETS[-1:] * ratio)[0])
                hits[place] += bounds.low <= truth <= bounds.high
                if place == 0:
                    widths.append(bounds.high - bounds.low)
                    errors.append(abs(score - truth))
        yield {
            "curve": name,
            "seeds": seeds,
            "covered at x 2": percent(int(hits[0]), studies),
            "at x 4": percent(int(hits[1]), studies),
            "width at x 2": f"{np.median(widths):.3f}",
            "error": f"{np.median(errors):.3f}",
        }


def summary(rows: Sequence[Row], by: Callable[[pd.DataFrame], Any]) -> Iterator[Row]:
    """Yield coverage, width and median errors of groups of forecasts."""
    table = pd.DataFrame(rows)
    for name, group in table.groupby(by(table), sort=True):
        yield {
            "": name,
            "forecasts": len(group),
            "covered": percent(int(group["covered"].sum()), len(group)),
            "width": f"{group['width'].median():.3f}",
            **{
                f"error, {kind}": f"{group[kind].median():.3f}"
                for kind in ("forecast", "no change", "line in log n")
            },
        }


def target_summary(said: Sequence[Row]) -> Iterator[Row]:
    """Yield how often each answer about a target is given, and is true."""
    table = pd.DataFrame(said)
    for state, group in table.groupby("state"):
        yield {
            "answer": state,
            "share": percent(len(group), len(table)),
            "holds": percent(int(group["holds"].sum()), len(group)),
        }


def doublings(table: pd.DataFrame) -> Array:
    """Return the multiple of the last budget, rounded to a power of two."""
    rounded: Array = 2 ** np.log2(table["ratio"].to_numpy(np.float64)).round()
    return rounded.astype(int)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables of real or of simulated curves."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks forecast", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few forecasts, to try the code")
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--simulated", action="store_true", help="curves that are known")
    kinds.add_argument("--trained", action="store_true", help="curves of whole trainings")
    options = parser.parse_args(arguments)
    rng = np.random.default_rng(23)
    if options.simulated:
        show("Simulated curves", list(simulated(10 if options.quick else 200, rng)))
        return
    if options.trained:
        rows = list(trainings(pd.read_csv(TRAINED), rng))
        show("Whole trainings, by the multiple of the last budget", list(summary(rows, doublings)))
        return
    table = pd.read_csv(CURVES)
    if options.quick:
        table = table[table["dataset"].isin(["glands", "scene"])]
    rows, said = whole_pools(table, rng)
    small, said_of_small = small_pools(table, rng)
    at_double = [row for row in rows if 1.4 < float(str(row["ratio"])) < 2.8]
    show("Later budgets, by the multiple of the last", list(summary(rows, doublings)))
    show("Twice the labels, by curve", list(summary(at_double, lambda t: t["curve"])))
    show("Twice the labels, by seeds", list(summary(at_double, lambda t: t["seeds"])))
    show("Small pools, all of whose images are labeled", list(summary(small, doublings)))
    show("What is said of targets", list(target_summary(said)))
    show("What is said of targets, small pools", list(target_summary(said_of_small)))


if __name__ == "__main__":
    main()

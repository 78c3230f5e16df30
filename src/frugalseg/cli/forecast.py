"""Say what more labels would bring, from the results of a finished study; nothing is trained.

Example:
  frugalseg forecast --dataset yours --target 0.8 --labels 100,200
"""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from itertools import pairwise
from pathlib import Path

import pandas as pd

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.randomness import generator
from frugalseg.core.registry import check
from frugalseg.metrics.metric import LOWER_IS_BETTER, METRICS
from frugalseg.params import load, plan
from frugalseg.reporting import wording
from frugalseg.reporting.sections.forecast import answers
from frugalseg.statistics.forecast.table import MOST, forecast_tables


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `frugalseg forecast`."""
    parser.add_argument("--dataset", required=True, metavar="NAME", help="as in params.yaml")
    parser.add_argument(
        "--target", type=_targets, default=[], metavar="SCORES",
        help="scores to reach, such as 0.8 or 0.8,0.85; default: the next multiples of 0.05",
    )  # fmt: skip
    parser.add_argument(
        "--labels", type=_labels, default=[], metavar="NUMBERS",
        help="numbers of labeled images, ascending, such as 100,200",
    )  # fmt: skip
    parser.add_argument("--metric", metavar="NAME", help="default: that of the report")
    parser.add_argument(
        "--params", type=Path, default=Path("params.yaml"), metavar="FILE", help="%(default)s"
    )
    parser.add_argument(
        "--results", type=Path, default=Path("results"), metavar="FOLDER", help="%(default)s"
    )


def run(options: Namespace) -> str:
    """Return the sentences on every learning curve of the data set."""
    params = load(options.params)
    check(dict.fromkeys(params.arms), options.dataset, "data set with arms")
    metric = options.metric or params.report_metric(options.dataset)
    check(dict.fromkeys(METRICS), metric, "metric")
    if metric in LOWER_IS_BETTER:
        raise FrugalsegError(
            f"--metric {metric}: a metric of which less is better is not forecast. Name another, "
            "such as dice."
        )
    file = paths.within(options.results / options.dataset, paths.SCORES)
    if not file.is_file():
        raise FrugalsegError(
            f"--dataset {options.dataset}: no finished results, {file} does not exist. Run "
            f"snakemake {paths.PAGE.format(dataset=options.dataset)} first."
        )
    scores = pd.read_csv(file, dtype={"arm": str, "class": str, "metric": str, "threshold": str})
    curves = plan(params, options.dataset).learning_curves()
    rng = generator(params.statistics.seed, "forecast")
    tables = forecast_tables(
        scores, curves, metric, rng, targets=options.target, images=options.labels
    )
    if tables.forecast.empty:
        raise FrugalsegError(
            f"--dataset {options.dataset}: no arm has a learning curve of 3 budgets and 2 seeds. "
            "Give an arm 'labels: 1', 'acquire: random', 'query: log' and 'rounds: 5'."
        )
    label = wording.metric_label(metric)
    lines = list(answers(tables.forecast, tables.targets, label))
    return "\n".join([*lines, *_at_labels(tables.forecast, options.labels, label)])


def _at_labels(forecasts: pd.DataFrame, labels: list[int], label: str) -> list[str]:
    lines = []
    rows = forecasts[(forecasts["part"] == "forecast") & (forecasts["unit"] == "masks")]
    for arm, own in rows.groupby("arm", sort=False):
        for number in labels:
            nearest = own.iloc[(own["images"] - number).abs().argmin()]
            if abs(nearest["images"] - number) > 0.5:
                last = wording.count(own["images"].iloc[0])
                raise FrugalsegError(
                    f"--labels {number}: {arm} has {last} labels, and its curve is forecast from "
                    f"there up to {MOST:g} times as many. Give a number in between."
                )
            bounds = wording.interval(nearest["low"], nearest["high"])
            lines.append(
                f"{arm}: with {wording.plural(number, 'mask')}, {label} "
                f"{wording.score(nearest['score'])} {bounds}."
            )
    return lines


def _targets(text: str) -> list[float]:
    try:
        values = [float(part) for part in text.split(",")]
    except ValueError:
        values = [-1.0]
    if not all(0 < value < 1 for value in values):
        raise ArgumentTypeError(f"expected scores above 0 and below 1, found {text!r}")
    return values


def _labels(text: str) -> list[int]:
    try:
        values = [int(part) for part in text.split(",")]
    except ValueError:
        values = [0]
    if values[0] < 1 or any(b <= a for a, b in pairwise(values)):
        raise ArgumentTypeError(f"expected ascending whole numbers from 1 on, found {text!r}")
    return values

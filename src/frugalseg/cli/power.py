"""`frugalseg power`: what planned seeds can show and what they cost, before anything is run."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from frugalseg.cli.command import Command
from frugalseg.core.errors import FrugalsegError
from frugalseg.params import Params, Plan, load, plan
from frugalseg.reporting.load.measured import measured_runs, measured_scores, paired_spreads
from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.planning import core_hours_per_seed, power_table, seeds_table

EFFECTS = (0.5, 0.8, 1.0, 1.5, 2.0)
"""d_z of a table that needs no results; from medium (Cohen, 1988) to what labels bring."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `frugalseg power`."""
    parser.add_argument("datasets", nargs="*", metavar="DATASET", help="default: those of `run`")
    parser.add_argument(
        "--params", type=Path, default=Path("params.yaml"), metavar="FILE", help="%(default)s"
    )
    parser.add_argument(
        "--results", type=Path, default=Path("results"), metavar="FOLDER",
        help="where scatter and training times were measured, if they were; %(default)s",
    )  # fmt: skip
    parser.add_argument(
        "--seeds", type=_count, nargs="+", metavar="N",
        help="numbers of seeds to look at; default: the planned one, 5, 10, 20 and 40",
    )  # fmt: skip
    parser.add_argument(
        "--spread", type=_positive, metavar="SD",
        help="standard deviation of the paired difference, in units of the metric, from elsewhere",
    )  # fmt: skip


def run(options: Namespace) -> str:
    """Return the answer for every data set asked for."""
    params = load(options.params)
    names = options.datasets or params.run
    for name in names:
        if name not in params.arms:
            raise FrugalsegError(
                f"No arms are planned for the data set {name!r}. Known: {', '.join(params.arms)}."
            )
    return "\n\n".join("\n".join(_answer(params, name, options)) for name in names)


def _answer(params: Params, name: str, options: Namespace) -> Iterator[str]:
    contrasts = params.contrasts.get(name, [])
    count, family = len(params.seed_list), len(contrasts)
    yield name
    if not family:
        yield f"No contrast is planned: add them under contrasts.{name} in {options.params}."
        return
    alpha = params.statistics.alpha
    planned = f"{family} planned contrast{'s' if family > 1 else ''}, {count} seeds"
    yield f"{planned}; alpha {alpha:g}, so the hardest one is tested at {alpha / family:.3g}."
    runs = measured_runs(options.results / name, plan(params, name), params.seed_list)
    hours = float(core_hours_per_seed(runs)["all"]) if len(runs) else None
    yield from _cost(plan(params, name), runs, hours)
    yield from _smallest(options, count, family, alpha, hours)
    yield from _needed(family, alpha, hours)
    yield from _measured(params, name, options, contrasts)


def _cost(planned: Plan, runs: pd.DataFrame, hours: float | None) -> Iterator[str]:
    rounds = sum(len(arm.rounds) for arm in planned.arms.values())
    if hours is None:
        yield (
            f"A seed is {rounds} trainings. What one costs is measured by running one: set "
            "seeds: 1, run, and ask again."
        )
        return
    trained = runs[["arm", "round"]].drop_duplicates().shape[0]
    partly = "" if trained == rounds else f", of which {trained} have been measured"
    yield f"A seed is {rounds} trainings{partly}: {hours:.2g} core-hours by those measured."


def _smallest(
    options: Namespace, count: int, family: int, alpha: float, hours: float | None
) -> Iterator[str]:
    counts = options.seeds or sorted({count, 5, 10, 20, 40})
    table = power_table(counts, family, alpha=alpha, spread=options.spread)
    columns: dict[str, object] = {
        "seeds": table["seeds"],
        "d_z at 80 %": table["d_z_80"].map(_two),
        "d_z at 90 %": table["d_z_90"].map(_two),
    }
    if options.spread is not None:
        columns |= {f"difference at {p} %": table[f"difference_{p}"].map(_three) for p in (80, 90)}
    columns["rank tests"] = [
        "can decide" if can else f"cannot (p >= {p:.2g})"
        for can, p in zip(table["rank_tests_can_decide"], table["smallest_rank_p"], strict=True)
    ]
    if hours is not None:
        columns["core-hours"] = (table["seeds"] * hours).map("{:.2g}".format)
    yield "\nThe smallest effect that so many seeds show (d_z: mean difference / its scatter):"
    yield _table(columns)


def _needed(family: int, alpha: float, hours: float | None) -> Iterator[str]:
    table = seeds_table(EFFECTS, family, alpha=alpha)
    columns: dict[str, object] = {"d_z": table["d_z"].map(_two)}
    for power in (80, 90):
        columns[f"seeds for {power} %"] = table[f"seeds_{power}"].map(_whole)
    if hours is not None:
        columns["core-hours (80 %)"] = (table["seeds_80"] * hours).map("{:.2g}".format)
    yield "\nSeeds that an effect needs:"
    yield _table(columns)


def _measured(
    params: Params, name: str, options: Namespace, contrasts: Sequence[ContrastParams]
) -> Iterator[str]:
    scores = measured_scores(options.results / name)
    if scores is None:
        return
    spreads = paired_spreads(scores, contrasts, params.seed_list)
    level, count = len(contrasts), len(params.seed_list)
    columns: dict[str, list[str]] = {"contrast": [], "paired seeds": [], "scatter": []}
    columns |= {f"smallest difference of {count} seeds, {p} %": [] for p in (80, 90)}
    for contrast, (paired, spread) in zip(contrasts, spreads, strict=True):
        table = power_table([count], level, alpha=params.statistics.alpha, spread=spread)
        smallest = [_three(float(table[f"difference_{p}"].iloc[0])) for p in (80, 90)]
        name_of = f"{contrast.a} - {contrast.b}, {contrast.metric}"
        row = [name_of, str(paired), _three(spread), *smallest]
        for cells, value in zip(columns.values(), row, strict=True):
            cells.append(value)
    yield "\nWith the scatter of the differences measured so far (of few seeds, a rough guess):"
    yield _table(columns)


def _table(columns: Mapping[str, object]) -> str:
    return pd.DataFrame(columns).to_string(index=False)


def _two(value: float) -> str:
    return "-" if pd.isna(value) else f"{value:.2f}"


def _three(value: float) -> str:
    return "-" if pd.isna(value) else f"{value:.3f}"


def _whole(value: float) -> str:
    return "none" if value == float("inf") else f"{value:.0f}"


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError(f"expected a whole number of seeds from 1 on, found {text!r}")
    return int(text)


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < float("inf"):
        raise ArgumentTypeError(f"expected a number above 0, found {text!r}")
    return value


COMMAND = Command(
    summary="Say what the planned seeds can show and what they cost, before anything is run.",
    arguments=add_arguments,
    run=run,
    example="frugalseg power builtin --seeds 5 10 20 --spread 0.03",
)

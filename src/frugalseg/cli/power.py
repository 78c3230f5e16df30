"""Say what the planned seeds can show and what they cost, before anything is run.

Example:
  frugalseg power builtin --seeds 5 10 20 --spread 0.03
"""

import math
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from frugalseg.cli.values import count, positive
from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.text import plural
from frugalseg.data.split import read_split
from frugalseg.params import Params, Plan, load, plan
from frugalseg.reporting.load.measured import measured_runs, measured_scores, paired_spreads
from frugalseg.settings.study import ContrastParams, StatisticsParams
from frugalseg.statistics.order import ORDER_NAMES, contrast_levels
from frugalseg.statistics.planning import (
    core_hours_per_seed,
    decision_table,
    images_table,
    power_table,
    seeds_table,
)

EFFECTS = (0.5, 0.8, 1.0, 1.5, 2.0)
"""d_z of a table that needs no results: from medium (Cohen, 1988) to what labels bring."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `frugalseg power`."""
    parser.add_argument("datasets", nargs="*", metavar="DATASET", help="default: those of `run`")
    parser.add_argument(
        "--params", type=Path, default=Path("params.yaml"), metavar="FILE", help="%(default)s"
    )
    parser.add_argument(
        "--results", type=Path, default=Path("results"), metavar="FOLDER",
        help="results to take scatter and training times from, if there are any; %(default)s",
    )  # fmt: skip
    parser.add_argument(
        "--seeds", type=count, nargs="+", metavar="N",
        help="numbers of seeds to compare; default: the planned one, 5, 10, 20 and 40",
    )  # fmt: skip
    parser.add_argument(
        "--spread", type=positive, metavar="SD",
        help="standard deviation of the paired difference, in units of the metric, from elsewhere",
    )  # fmt: skip


def run(options: Namespace) -> str:
    """Return the answer for every data set named."""
    params = load(options.params)
    names = options.datasets or params.run
    for name in names:
        if name not in params.arms:
            raise FrugalsegError(
                f"No arms are planned for the data set {name!r}. Known: {', '.join(params.arms)}."
            )
    return "\n\n".join("\n".join(_answer(params, name, options)) for name in names)


def _answer(params: Params, name: str, options: Namespace) -> Iterator[str]:
    contrasts, statistics = params.contrasts.get(name, []), params.statistics
    seeds, family = len(params.seed_list), len(contrasts)
    yield name
    if not family:
        yield f"No contrast is planned: add them under contrasts.{name} in {options.params}."
        return
    hardest = min(levels.claim for levels in contrast_levels(contrasts, statistics))
    planned = f"{plural(family, 'planned contrast')}, {seeds} seeds"
    if params.looks:
        looks = ", ".join(map(str, params.looks.looks))
        planned += f" at most (looks at {looks}; what follows is about the last one)"
    yield (
        f"{planned}; alpha {statistics.alpha:g} after {ORDER_NAMES[statistics.order]}, so the "
        f"hardest one is planned at {hardest:.3g}."
    )
    arms = plan(params, name)
    runs = measured_runs(options.results / name, arms, params.seed_list)
    hours = float(core_hours_per_seed(runs)["all"]) if len(runs) else None
    yield _cost(arms, runs, hours)
    scores = measured_scores(options.results / name)
    spreads = None
    if scores is not None:
        spreads = paired_spreads(scores, contrasts, params.seed_list)
    yield f"\nWhat {seeds} seeds decide 4 times in 5{_meaning(spreads)}:"
    yield _decisions(contrasts, statistics, seeds, spreads)
    yield _test_masks(params, options.results / name)
    new_images = paths.in_results(options.results / name, paths.TABLE, table="new_images")
    if new_images.is_file():
        yield _images_needed(contrasts, statistics, seeds, pd.read_csv(new_images))
    counts = options.seeds or sorted({seeds, 5, 10, 20, 40})
    yield "\nThe smallest effect that so many seeds show (d_z: mean difference / its scatter):"
    yield _smallest_effects(counts, hardest, options.spread, hours)
    yield "\nSeeds that an effect needs:"
    yield _seeds_needed(hardest, hours)


def _meaning(spreads: Sequence[tuple[int, float]] | None) -> str:
    """Explain the numbers of the table of decisions."""
    if spreads is None:
        return " (scatter: standard deviation of the paired difference over seeds)"
    return ", by the scatter measured so far (of few seeds, a rough guess)"


def _decisions(
    contrasts: Sequence[ContrastParams],
    statistics: StatisticsParams,
    seeds: int,
    spreads: Sequence[tuple[int, float]] | None,
) -> str:
    measured = None if spreads is None else [spread for _, spread in spreads]
    table = decision_table(contrasts, statistics, seeds, measured)
    columns: dict[str, Iterable[object]] = {
        "contrast": [f"{c.a} - {c.b}, {c.metric}" for c in contrasts],
        "level": _cells(table["level"], ".3g"),
        "smallest d_z": _cells(table["d_z"], ".2f"),
    }
    if spreads is not None:
        columns |= {
            "paired seeds": [pairs for pairs, _ in spreads],
            "scatter": _cells(table["spread"], ".3f"),
            "smallest difference": _cells(table["smallest"], ".3f"),
        }
    if table["margin"].notna().any():
        columns["margin"] = _cells(table["margin"], "g")
        columns["decided up to a scatter of"] = _cells(table["largest_spread"], ".2g")
    if table["margin"].notna().any() and spreads is not None:
        columns["is the margin decided?"] = [
            _outcome(needed, seeds) for needed in table["seeds_for_margin"]
        ]
    return pd.DataFrame(columns).to_string(index=False)


def _outcome(needed: float, seeds: int) -> str:
    if math.isnan(needed):
        return "-"
    if needed <= seeds:
        return "yes"
    enough = "no number is enough" if math.isinf(needed) else f"needs about {needed:.0f}"
    return f"cannot be decided with {seeds} seeds: {enough}"


def _cost(arms: Plan, runs: pd.DataFrame, hours: float | None) -> str:
    rounds = sum(len(arm.rounds) for arm in arms.arms.values())
    if hours is None:
        return (
            f"A seed is {rounds} trainings. What one costs is measured by running one: set "
            "seeds: 1, run, and ask again."
        )
    trained = len(runs[["arm", "round"]].drop_duplicates())
    partly = "" if trained == rounds else f", of which {trained} have been measured"
    return f"A seed is {rounds} trainings{partly}: {hours:.2g} core-hours by those measured."


def _test_masks(params: Params, results: Path) -> str:
    """Return what the test masks cost; nobody learns from them."""
    split = paths.in_results(results, paths.SPLIT, seed=min(params.seed_list))
    seconds = params.costs.mask_seconds
    if not split.is_file():
        return (
            f"\nThe test masks cost {seconds:g} s each, once, and are in no arm's costs; how many "
            "there are is known once the data are prepared and split."
        )
    images = int((read_split(split)["part"] == "test").sum())
    return (
        f"\n{plural(images, 'test mask')} cost {images * seconds / 3600:.2g} h of annotation, "
        "once; they are in no arm's costs."
    )


def _images_needed(
    contrasts: Sequence[ContrastParams],
    statistics: StatisticsParams,
    seeds: int,
    new_images: pd.DataFrame,
) -> str:
    """Return how many test images each margin needs, by the scatter measured between images."""
    needed = images_table(contrasts, statistics, seeds, new_images)
    rows = [
        (f"{contrast.a} - {contrast.b}, {contrast.metric}", contrast.margin, images)
        for contrast, images in zip(contrasts, needed, strict=True)
        if not math.isnan(images)
    ]
    if not rows:
        return "No planned margin has been measured on several test images."
    table = pd.DataFrame(rows, columns=["contrast", "margin", "test images"])
    table["test images"] = [
        "no number is enough" if math.isinf(images) else f"{images:.0f}"
        for images in table["test images"]
    ]
    return (
        f"Test images with which {seeds} seeds decide a margin for new images too:\n"
        f"{table.to_string(index=False)}"
    )


def _smallest_effects(
    counts: Sequence[int], level: float, spread: float | None, hours: float | None
) -> str:
    table = power_table(counts, level, spread=spread)
    columns: dict[str, Iterable[object]] = {"seeds": table["seeds"]}
    columns |= {f"d_z at {p} %": _cells(table[f"d_z_{p}"], ".2f") for p in (80, 90)}
    if spread is not None:
        columns |= {
            f"difference at {p} %": _cells(table[f"difference_{p}"], ".3f") for p in (80, 90)
        }
    columns["rank tests"] = [
        "can decide" if can else f"cannot (p >= {p:.2g})"
        for can, p in zip(table["rank_tests_can_decide"], table["smallest_rank_p"], strict=True)
    ]
    if hours is not None:
        columns["core-hours"] = (table["seeds"] * hours).map("{:.2g}".format)
    return pd.DataFrame(columns).to_string(index=False)


def _seeds_needed(level: float, hours: float | None) -> str:
    table = seeds_table(EFFECTS, level)
    columns: dict[str, Iterable[object]] = {"d_z": _cells(table["d_z"], ".2f")}
    columns |= {f"seeds for {p} %": _cells(table[f"seeds_{p}"], ".0f") for p in (80, 90)}
    if hours is not None:
        columns["core-hours (80 %)"] = (table["seeds_80"] * hours).map("{:.2g}".format)
    return pd.DataFrame(columns).to_string(index=False)


def _cells(values: Iterable[float], spec: str) -> list[str]:
    """Return numbers as text: NaN is "-", infinity "none"."""
    return [{"nan": "-", "inf": "none"}.get(str(float(v)), format(v, spec)) for v in values]

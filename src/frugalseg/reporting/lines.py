"""The numbers of the main figure: the axes of cost, and every arm's scores along them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import ArmStyle

Floats = NDArray[np.float64]

MARGIN = 0.02
"""What counts as a difference that matters where the plan names no margin."""

_REGIONS = (
    "An image of which any region was bought counts as a whole image here: compare arms that buy "
    "by region over pixels or time."
)
_DRAWINGS = (
    "Scribbles, points and boxes count as no image and no pixel here: compare arms that buy them "
    "over time."
)


@dataclass(frozen=True)
class CostAxis:
    """One way to count what labels cost.

    Attributes:
        key: short name, used in file names.
        tab: name in the switch above the figure.
        label: axis label, with the unit.
        column: column of `scores.csv` and `curve.csv` it is computed from.
        divisor: units of that column in one unit of the axis.
        note: what a reader has to know about it.
    """

    key: str
    tab: str
    label: str
    column: str
    divisor: float
    note: str = ""

    def of(self, table: pd.DataFrame) -> pd.Series:
        """Return the cost of every row in the unit of the axis."""
        return table[self.column].astype(float) / self.divisor


def bought_units(study: Study) -> set[str]:
    """Return the units of all labels, such as `image` or `scribbles`; none if they are unknown."""
    return set(study.labels["unit"]) if "unit" in study.labels else set()


def cost_axes(study: Study) -> tuple[CostAxis, ...]:
    """Return the study's cost axes, in units that suit its size; money only if it has a price.

    Images come last where regions were bought: an image with one labeled region counts as a whole
    image, so that images are no fair scale. Time comes first where something was drawn: drawings
    count as no image and no pixel.
    """
    units = bought_units(study)
    regions = "region" in units
    images = CostAxis(
        "images", "Images", "labeled images", "images", 1.0, _REGIONS if regions else ""
    )
    size, unit = _unit(study, "pixels", {"megapixels": 1e6, "kilopixels": 1e3})
    pixels = CostAxis("pixels", "Pixels", f"labeled {unit}", "pixels", size)
    size, unit = _unit(study, "seconds", {"hours": 3600.0, "minutes": 60.0})
    time = CostAxis("time", "Time", f"annotation {unit}", "seconds", size)
    axes = [pixels, time, images] if regions else [images, pixels, time]
    if units - {"image", "region", "tag"}:
        axes = [time, *(replace(a, note=a.note or _DRAWINGS) for a in axes if a is not time)]
    price = float(study.option("price_per_hour", 0) or 0)
    if price > 0:
        currency = str(study.option("currency", "€"))
        label = f"annotation cost ({currency}, {price:g} an hour)"
        axes.append(CostAxis("price", f"Money ({currency})", label, "seconds", 3600 / price))
    return tuple(axis for axis in axes if axis.column in study.curve)


def _unit(study: Study, column: str, units: dict[str, float]) -> tuple[float, str]:
    """Return size and name of the first unit of which some run costs two, else of the last."""
    most = float(study.curve[column].max()) if column in study.curve else 0.0
    sizes = [(size, name) for name, size in units.items()]
    return next((unit for unit in sizes if most >= 2 * unit[0]), sizes[-1])


@dataclass(frozen=True)
class Line:
    """One arm, ready to draw: means by cost, and every seed.

    Attributes:
        means: columns round, x, mean, ci_low, ci_high; one row a round, ascending.
        seeds: columns seed, round, x, value.
        start: the arm whose line this one continues; "" if it has bought no labels of its own.
        lead: (x, y) of that arm's last round.
    """

    arm: str
    style: ArmStyle
    means: pd.DataFrame
    seeds: pd.DataFrame
    start: str = ""
    lead: tuple[float, float] | None = None


def arm_lines(study: Study, axis: CostAxis) -> list[Line]:
    """Return the line of every arm with a score along `axis`."""
    scores = study.scores
    chosen = (scores["metric"] == study.metric) & (scores["threshold"] == "validation")
    scores = scores[chosen & (scores["class"] == "all")]
    scores = scores.assign(x=axis.of(scores))[["arm", "seed", "round", "x", "value"]].dropna()
    points = study.points.assign(x=axis.of(study.points)).dropna(subset="x")
    means = {
        str(arm): rows[["round", "x", "mean", "ci_low", "ci_high"]].reset_index(drop=True)
        for arm, rows in points.groupby("arm")
    }
    lines = []
    for arm in filter(means.__contains__, study.arms):
        start, lead = study.start(arm) or "", None
        if start in means:
            x, y = map(float, means[start][["x", "mean"]].iloc[-1])
            lead = (x, y) if float(means[arm]["x"].iloc[0]) > 1.01 * x else None
        seeds = scores[scores["arm"] == arm].drop(columns="arm")
        lines.append(Line(arm, study.styles[arm], means[arm], seeds, start if lead else "", lead))
    return lines


def joined(line: Line) -> tuple[list[float], list[float]]:
    """Return x and y of the whole line, with the last point of the arm it starts from."""
    lead = [line.lead] if line.lead else []
    xs = [x for x, _ in lead] + line.means["x"].tolist()
    return xs, [y for _, y in lead] + line.means["mean"].tolist()


def describe(lines: Sequence[Line]) -> str:
    """Return every mean with its cost, as the alternative text of a figure."""
    texts = []
    for line in lines:
        points = zip(line.means["mean"], line.means["x"], strict=True)
        values = [f"{wording.score(mean)} at {wording.count(x)}" for mean, x in points]
        texts.append(f"{line.arm}: {', '.join(values)}")
    return "; ".join(texts) + "."


def least_height(study: Study) -> float:
    """Return the least height of a score's axis: twice the largest margin of the plan.

    On an axis that zooms in further, differences too small to matter would fill the figure.
    """
    rows = study.contrasts
    if not {"metric", "margin"} <= set(rows):
        return 2 * MARGIN
    largest = rows.loc[rows["metric"] == study.metric, "margin"].astype(float).max()
    return 2 * (float(largest) if largest > 0 else MARGIN)


def y_limits(
    lines: Sequence[Line], others: Sequence[float] = (), least: float = 0.0
) -> tuple[float, float]:
    """Return limits around all means, intervals and seeds, and other values.

    Args:
        least: the least distance between the limits.
    """
    columns = [line.means[name] for line in lines for name in ("mean", "ci_low", "ci_high")]
    values = pd.Series(
        np.concatenate([*columns, *(line.seeds["value"] for line in lines), others]), dtype=float
    ).dropna()
    low, high = (values.min(), values.max()) if len(values) else (0.0, 1.0)
    margin = max(0.06 * (high - low) or 0.05, (least - (high - low)) / 2)
    return float(low - margin), float(high + margin)


def dodge(lines: Sequence[Line], step: float, *, keep_first: bool = False) -> dict[str, Floats]:
    """Return the x of every mark, moved so that arms of the same cost stand side by side.

    Args:
        step: distance between two neighbors, in units of the axis; costs closer than this count
            as the same.
        keep_first: leave the marks of the first line where they are, others to the right of them.

    Returns:
        For every arm the x of its marks, float64, in the order of `means`.
    """
    places = {line.arm: line.means["x"].to_numpy(dtype=np.float64, copy=True) for line in lines}
    marks = sorted(
        (float(x), rank, row)
        for rank, line in enumerate(lines)
        for row, x in enumerate(line.means["x"])
    )
    while marks:
        group = [mark for mark in marks if mark[0] - marks[0][0] < step]
        marks = marks[len(group) :]
        if len({rank for _, rank, _ in group}) == 1:
            continue
        near = min(step, 4 * step / len(group))
        group.sort(key=lambda mark: mark[1])
        center = 0 if keep_first and group[0][1] == 0 else (len(group) - 1) / 2
        for place, (_, rank, row) in enumerate(group):
            places[lines[rank].arm][row] += (place - center) * near
    return places


def spread(places: Floats, gap: float | Floats) -> Floats:
    """Move label places in [0, 1] apart, keeping their order.

    Labels move up from the lowest, then down from the top where they would pass 1.

    Args:
        places: float64, shape (n,).
        gap: height of the labels, or of each, shape (n,); their centers stay half of both apart.

    Returns:
        float64, shape (n,), in the order of `places`.
    """
    order = np.argsort(places, kind="stable")
    heights = np.broadcast_to(gap, len(places))[order]
    steps = np.concatenate([[0.0], np.cumsum((heights[1:] + heights[:-1]) / 2)])[: len(places)]
    raised: Floats = np.maximum.accumulate(places[order] - steps) + steps
    result = np.empty_like(raised)
    result[order] = np.minimum(raised, 1.0 - (steps[-1:] - steps))
    return result


def line_table(lines: Sequence[Line], axis: CostAxis) -> pd.DataFrame:
    """Return means and seeds in one tidy table; the column `seed` is `mean` for a mean."""
    frames = []
    for line in lines:
        means = line.means.rename(columns={"mean": "value"}).assign(seed="mean")
        frames.append(pd.concat([means, line.seeds]).assign(arm=line.arm))
    columns = ["arm", "round", "seed", "x", "value", "ci_low", "ci_high"]
    table = pd.concat(frames)[columns] if frames else pd.DataFrame(columns=columns)
    return table.rename(columns={"x": axis.label})

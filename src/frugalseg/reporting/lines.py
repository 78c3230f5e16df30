"""The numbers of the main figure: every arm's scores by what its labels cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.reporting.cost_axes import CostAxis
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import ArmStyle, style_arms

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """One arm, ready to draw: means by cost, and every seed.

    Attributes:
        means: columns round, x, mean, ci_low, ci_high; one row a round, ascending.
        seeds: columns seed, round, x, value.
        start: the arm it starts from, if labels were bought since; its line comes from there.
        lead: (x, y) of that arm's last round.
    """

    arm: str
    style: ArmStyle
    means: pd.DataFrame
    seeds: pd.DataFrame
    start: str = ""
    lead: tuple[float, float] | None = None


def arm_lines(study: Study, axis: CostAxis) -> list[Line]:
    """Gather what is drawn of every arm along `axis`; arms without a score are left out."""
    curve = study.curve[study.curve["metric"] == study.metric].sort_values("round")
    scores = study.scores
    chosen = (scores["metric"] == study.metric) & (scores["threshold"] == "validation")
    scores = scores[chosen & (scores["class"] == "all")]
    means = {arm: _means(curve[curve["arm"] == arm], axis) for arm in study.arms}
    lines = []
    for arm, style in style_arms(study.arms, study.full_arms).items():
        if means[arm].empty:
            continue
        start = study.start(arm)
        lead = _lead(means, arm, start)
        seeds = _seeds(scores[scores["arm"] == arm], axis)
        lines.append(Line(arm, style, means[arm], seeds, start if start and lead else "", lead))
    return lines


def _means(rows: pd.DataFrame, axis: CostAxis) -> pd.DataFrame:
    rows = rows.assign(x=axis.of(rows))[["round", "x", "mean", "ci_low", "ci_high"]]
    return rows.dropna(subset=["x", "mean"]).reset_index(drop=True)


def _seeds(rows: pd.DataFrame, axis: CostAxis) -> pd.DataFrame:
    return rows.assign(x=axis.of(rows))[["seed", "round", "x", "value"]].dropna()


def _lead(
    means: Mapping[str, pd.DataFrame], arm: str, start: str | None
) -> tuple[float, float] | None:
    """Return where the line to the arm's first point comes from; nowhere if it cost nothing."""
    if start is None or means[start].empty:
        return None
    last = means[start].iloc[-1]
    first = float(means[arm]["x"].iloc[0])
    return (float(last["x"]), float(last["mean"])) if first > 1.01 * float(last["x"]) else None


def joined(line: Line) -> tuple[list[float], list[float]]:
    """Return x and y of the whole line, from the arm it starts from on."""
    lead = [line.lead] if line.lead else []
    xs = [x for x, _ in lead] + line.means["x"].tolist()
    return xs, [y for _, y in lead] + line.means["mean"].tolist()


def y_limits(lines: Sequence[Line], others: Sequence[float] = ()) -> tuple[float, float]:
    """Return limits around every mark, interval and seed, and other values."""
    columns = [line.means[name] for line in lines for name in ("mean", "ci_low", "ci_high")]
    columns += [line.seeds["value"] for line in lines]
    values = [float(value) for column in columns for value in column.dropna()] + list(others)
    low, high = min(values, default=0.0), max(values, default=1.0)
    margin = 0.06 * (high - low) or 0.05
    return low - margin, high + margin


def dodge(lines: Sequence[Line], step: float) -> dict[str, Floats]:
    """Return where every mark goes, so that marks of one cost stand side by side.

    Args:
        step: distance between two neighbors, in units of the axis; also how near costs count as
            the same.

    Returns:
        For every arm the x of its marks, float64, in the order of `means`.
    """
    places = {line.arm: line.means["x"].to_numpy(dtype=np.float64, copy=True) for line in lines}
    marks = sorted(
        (float(x), rank, row)
        for rank, line in enumerate(lines)
        for row, x in enumerate(line.means["x"])
    )
    groups: list[list[tuple[float, int, int]]] = []
    for mark in marks:
        if groups and mark[0] - groups[-1][0][0] < step:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    for group in groups:
        near = min(step, 4 * step / len(group))
        for place, (_, rank, row) in enumerate(sorted(group, key=lambda mark: mark[1])):
            places[lines[rank].arm][row] += (place - (len(group) - 1) / 2) * near
    return places


def spread(places: Floats, gap: float) -> Floats:
    """Move label places in [0, 1] apart to at least `gap`, keeping their order.

    Upwards from the lowest, then down from the top where they run over it.

    Args:
        places: float64, shape (n,).
        gap: least distance between two places.

    Returns:
        float64, shape (n,), in the order of `places`.
    """
    order = np.argsort(places, kind="stable")
    moved = np.asarray(places, dtype=np.float64)[order]
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + gap)
    ceiling = 1.0
    for i in range(len(moved) - 1, -1, -1):
        moved[i] = min(moved[i], ceiling)
        ceiling = moved[i] - gap
    result = np.empty_like(moved)
    result[order] = moved
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

"""Published numbers beside our arms: the recipe as published, and without its faults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.lines import Line
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import ArmStyle
from frugalseg.reporting.table import Column, Section, build_table

TITLE = "Published, as published, corrected"


@dataclass(frozen=True)
class Mark:
    """A published value as the charts show it: at the cost of our arm with that recipe.

    Attributes:
        x: that arm's cost after its last round, in units of the axis.
    """

    arm: str
    x: float
    value: float
    text: str
    style: ArmStyle


def published_marks(study: Study, lines: Sequence[Line]) -> tuple[Mark, ...]:
    """Return the published values of the report's metric whose arms are among `lines`."""
    ends = {line.arm: line for line in lines}
    return tuple(
        Mark(
            arm=entry["arm"],
            x=float(ends[entry["arm"]].means["x"].iloc[-1]),
            value=float(entry["value"]),
            text=f"{entry.get('name') or entry['arm']}, {entry['source']}",
            style=ends[entry["arm"]].style,
        )
        for entry in study.params.get("published") or []
        if entry["arm"] in ends and entry["metric"] == study.metric
    )


def published_section(study: Study) -> Section | None:
    """Return the published numbers beside ours; None if the parameters list none."""
    entries = study.params.get("published") or []
    if not entries:
        return None
    data = pd.DataFrame([_row(study.scores, entry) for entry in entries])
    columns = [
        Column("name", "Number"),
        Column("source", "Source"),
        Column("published", "Published", wording.score),
        Column("arm", "As published", arm=True),
        Column("metric", "scored by"),
        Column("ours", "Mean", wording.score, "of our seeds, the recipe as published"),
        Column("ours_sd", "SD", wording.score, "over our seeds"),
        Column("seeds", "Seeds", wording.count),
        Column("corrected_arm", "Corrected", arm=True),
        Column("corrected_metric", "scored by"),
        Column("corrected", "Mean", wording.score, "of our seeds, without the faults"),
        Column("corrected_sd", "SD", wording.score, "over our seeds"),
        Column("note", "Note"),
    ]
    table = build_table("published", TITLE, data, columns, study.styles)
    return Section(TITLE, tables=(table,))


def _row(scores: pd.DataFrame, entry: Mapping[str, Any]) -> dict[str, Any]:
    metric, corrected = entry["metric"], entry.get("corrected")
    better = entry.get("corrected_metric") or metric
    at = entry.get("threshold", "half")
    ours = final_score(scores, entry["arm"], metric, at)
    other = final_score(scores, corrected, better, "validation")
    label = wording.metric_label
    return {
        "name": entry.get("name") or label(metric),
        "source": entry["source"],
        "published": entry["value"],
        "arm": entry["arm"],
        "metric": label(metric) + (", center patch" if at.startswith("patch") else ""),
        **dict(zip(("ours", "ours_sd", "seeds"), ours, strict=True)),
        "corrected_arm": corrected,
        "corrected_metric": label(better) if corrected else None,
        **dict(zip(("corrected", "corrected_sd"), other, strict=False)),
        "note": entry.get("note", ""),
    }


def final_score(
    scores: pd.DataFrame, arm: str | None, metric: str, threshold: str
) -> tuple[float, float, int]:
    """Return mean, standard deviation and number of seeds of an arm's last round; NaN for none."""
    keys = {"arm": arm, "metric": metric, "threshold": threshold, "class": "all"}
    rows = scores[(scores[list(keys)] == pd.Series(keys)).all(axis=1)]
    values = rows.loc[rows["round"] == rows["round"].max(), "value"].dropna()
    return float(values.mean()), float(values.std()), len(values)

"""How many more labels are needed, in words; for the page, its headline and the command line."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.table import ARM, Column, Section, Table, build_table
from frugalseg.statistics.forecast.table import HOUR, MOST

NEAR = 8.0
"""Multiple of the last budget up to which the median of an open interval is named."""
SHOWN = (1.0, 2.0, 4.0)
"""Multiples of the last budget that the section's table shows."""


def headline_forecast(study: Study) -> str:
    """Return what twice the labels are worth and what the next target takes, as one sentence.

    It is "" if nothing can be told. A target that no number of labels is known to reach is left
    out; `next_target` has it.
    """
    first = _first_curve(study)
    if first is None:
        return ""
    rows, target = first
    if rows["flat"].any():
        return flat_sentence(rows, study.metric_label)
    gain = gain_sentence(rows, study.metric_label, (2.0,))
    if target is None or target["state"] != "takes":
        return gain
    return f"{gain[:-1]}; {target_sentence(target, rows, study.metric_label)}"


def next_target(study: Study) -> str:
    """Return what is known of the next target where `headline_forecast` leaves it out; or ""."""
    first = _first_curve(study)
    if first is None or first[1] is None or first[1]["state"] == "takes":
        return ""
    return target_sentence(first[1], first[0], study.metric_label)


def _first_curve(study: Study) -> tuple[pd.DataFrame, dict[Any, Any] | None] | None:
    """Return the first curve's rows and its next target: the first that takes more labels."""
    forecasts, targets = study.table("forecast"), study.table("targets")
    if forecasts.empty:
        return None
    arm = str(forecasts["arm"].iloc[0])
    asked = targets[targets["arm"] == arm].to_dict("records")
    named = next((row for row in asked if row["state"] == "takes"), asked[0] if asked else None)
    return forecasts[forecasts["arm"] == arm], named


def forecast_section(study: Study) -> Section | None:
    """Return what further labels bring by each way of learning; None without any forecast."""
    forecasts, targets = study.table("forecast"), study.table("targets")
    if forecasts.empty:
        return None
    sentences = [*answers(forecasts, targets, study.metric_label), *_next_hour(study, forecasts)]
    tables = (_table(study, forecasts),)
    return Section("How many more labels?", tuple(sentences), tables, "forecast", "forecast")


def answers(forecasts: pd.DataFrame, targets: pd.DataFrame, metric: str) -> Iterator[str]:
    """Yield the sentences on every curve of `forecast.csv` and `targets.csv`."""
    for arm, rows in forecasts.groupby("arm", sort=False):
        said = [flat_sentence(rows, metric)] if rows["flat"].any() else []
        said.append(gain_sentence(rows, metric, (2.0, 4.0)))
        asked = targets[targets["arm"] == arm].to_dict("records")
        said += [target_sentence(row, rows, metric) for row in asked]
        yield f"{arm}: {' '.join(said)}"


def flat_sentence(rows: pd.DataFrame, metric: str) -> str:
    """Say that a curve has no foot.

    Args:
        rows: of one curve in `forecast.csv`.
    """
    first = rows[rows["part"] == "measured"].iloc[0]
    return (
        f"{metric} is {wording.score(first['score'])} from the first point of the curve on: "
        f"{budget(first)} are enough, and fewer may be. Start with fewer to find out."
    )


def gain_sentence(rows: pd.DataFrame, metric: str, ratios: Sequence[float]) -> str:
    """Say what more labels are worth.

    Args:
        rows: of one curve in `forecast.csv`.
        ratios: multiples of the last budget.
    """
    forecasts = rows[rows["part"] == "forecast"]
    now = forecasts.iloc[0]
    parts: list[str] = []
    for ratio in ratios:
        row = forecasts.iloc[(forecasts["ratio"] - ratio).abs().argmin()]
        gain = wording.signed(row["gain"])
        bounds = wording.interval(row["gain_low"], row["gain_high"], sign=True)
        seconds = row["seconds"] - now["seconds"]
        if row["unit"] == "masks":
            more = f"{wording.count(round(row['images'] - now['images']))} more"
            noun, time = (" masks", f" ({wording.duration(seconds)})") if not parts else ("", "")
            more = f"{more}{noun}{time}"
        else:
            more = f"{wording.duration(seconds)} more annotation"
        verb = " are worth about" if not parts else " about"
        unit = f" {metric}" if not parts else ""
        parts.append(f"{more}{verb} {gain}{unit} {bounds}")
    return "; ".join(parts) + "."


def target_sentence(target: Mapping[Any, Any], rows: pd.DataFrame, metric: str) -> str:
    """Say how many labels a target takes.

    Args:
        target: a row of `targets.csv`.
        rows: of its curve in `forecast.csv`.
    """
    last = rows[rows["part"] == "measured"].iloc[-1]
    name = f"{metric} {float(target['target']):g}"
    if target["state"] == "reached":
        return f"{name} is reached with the {budget(last)} at hand, or fewer."
    if target["state"] == "takes":
        low, high = (_amount(target, part, last["unit"]) for part in ("_low", "_high"))
        return f"{name} takes about {_amount(target, '', last['unit'], noun=True)} [{low}, {high}]."
    if target["state"] == "not reached":
        bounds = wording.interval(target["level_low"], target["level_high"])
        if target["still_rising"]:
            return f"{name} takes more than {MOST:g} times the {budget(last)} at hand."
        return (
            f"{name} is not reached: the curve levels off at about "
            f"{wording.score(target['level'])} {bounds}."
        )
    again = f"label {budget(last)} more and ask again"
    if target["state"] == "takes at least":
        least = _amount(target, "_low", last["unit"], noun=True)
        is_near = float(target["seconds"]) <= NEAR * float(last["seconds"])
        likely = f", most likely about {_amount(target, '', last['unit'])}" if is_near else ""
        return f"{name} takes at least {least}{likely}; the most cannot be told yet: {again}."
    return f"What {name} takes cannot be told from this curve: {again}."


def budget(row: Mapping[Any, Any] | pd.Series) -> str:
    """Return the labels of a row as people count them: `40 masks`, or a time."""
    if row["unit"] == "masks":
        return wording.plural(round(row["images"]), "mask")
    return f"{wording.duration(row['seconds'])} of annotation"


def _amount(row: Mapping[Any, Any], part: str, unit: str, *, noun: bool = False) -> str:
    if unit == "masks":
        number = wording.count(round(float(row[f"images{part}"])))
        return f"{number} masks" if noun else number
    time = wording.duration(row[f"seconds{part}"])
    return f"{time} of annotation" if noun else time


def _next_hour(study: Study, forecasts: pd.DataFrame) -> Iterator[str]:
    price = float(study.option("price_per_hour", 0) or 0)
    cost = f" ({study.option('currency', '€')} {price:g})" if price else ""
    gains = []
    for arm, rows in forecasts[forecasts["part"] == "forecast"].groupby("arm", sort=False):
        row = rows[(rows["seconds"] - rows["seconds"].iloc[0] - HOUR).abs() < 1]
        if len(row):
            bounds = wording.interval(row["gain_low"].iloc[0], row["gain_high"].iloc[0], sign=True)
            gains.append(f"{arm} {wording.signed(row['gain'].iloc[0])} {bounds}")
    if gains:
        yield f"The next hour of annotation{cost} buys: {'; '.join(gains)}."


def _table(study: Study, forecasts: pd.DataFrame) -> Table:
    shown = forecasts[forecasts["ratio"].isin(SHOWN) & (forecasts["part"] == "forecast")]
    shown = shown.assign(
        interval=[wording.interval(*b) for b in zip(shown["low"], shown["high"], strict=True)],
        gains=wording.intervals(shown, "gain_low", "gain_high"),
    )
    columns = [
        ARM,
        Column("images", "Images", wording.count),
        Column("seconds", "Annotation", wording.duration),
        Column("score", study.metric_label, wording.score, "expected over seeds and pools"),
        Column("interval", "90% interval"),
        Column("gain", "Gain", wording.signed, "over the expected score at the last budget"),
        Column("gains", "90% interval of the gain"),
    ]
    caption = "Expected scores at the last budget, twice and four times as many labels"
    return build_table("forecast", caption, shown, columns, study.styles)

"""Whole budget curves in words: the area under them, and the labels to the goal."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.table import PAIR, Column, Section, Table, build_table
from frugalseg.statistics.paired import smallest_rank_p


def budget_section(study: Study) -> Section | None:
    """Return which curve is higher and which reaches the goal earlier; None without any curve."""
    pairs, labels = study.table("budgets"), study.table("labels")
    if not len(pairs) and not len(labels):
        return None
    sentences = [*_reached(study, labels), *_paired(study, pairs)]
    if not len(pairs):
        sentences.append("No planned contrast is between two arms that both buy labels in rounds.")
    tables = (_table(study, pairs),) if len(pairs) else ()
    return Section("Over the whole budget", tuple(sentences), tables, "budgets", "budgets")


def _reached(study: Study, labels: pd.DataFrame) -> Iterator[str]:
    """Yield for every arm how many seeds reached the goal, and what is unknown of the others."""
    if not len(labels):
        yield "No arm had every label, so there is no goal to count the labels to."
        return
    yield (
        f"Labels to {study.goal:.0%} of the {study.metric_label} that "
        f"{study.full_arms[0] if study.full_arms else 'the full arm'} reaches under the same seed. "
        "They are read off each seed’s curve, which is straight between rounds and is not "
        "extended beyond its ends:"
    )
    for arm in study.arms:
        rows = labels[labels["arm"] == arm]
        if arm not in study.full_arms and len(rows) and (study.points["arm"] == arm).any():
            yield _of_arm(arm, rows)


def _of_arm(arm: str, rows: pd.DataFrame) -> str:
    reached = rows.loc[rows["state"] == "reached", "labels"]
    early, never, no_goal = (
        (rows["state"] == state).sum() for state in ("from the start", "never", "no target")
    )
    parts = []
    if early:
        parts.append(f"{early} reached it with the first labels (so many, or fewer, are enough)")
    if len(reached):
        share = wording.percent(reached.median())
        parts.append(f"{len(reached)} reached it later, with {share} of the labels (median)")
    if never:
        parts.append(
            f"{never} did not reach it with the labels given (more are needed, or no number is "
            "enough)"
        )
    if no_goal:
        parts.append(f"{no_goal} had no score with all labels to compare with")
    return f"{arm}: of {wording.plural(len(rows), 'seed')}, {'; '.join(parts)}."


def _paired(study: Study, pairs: pd.DataFrame) -> Iterator[str]:
    for row in pairs.to_dict("records"):
        name = f"{row['a']} against {row['b']}"
        if wording.missing(row["area_difference"]):
            yield f"{name}: no area to compare ({row['missing']})."
        else:
            bounds = wording.interval(row["ci_low"], row["ci_high"], sign=True)
            yield (
                f"{name}: the mean height of the curve differs by "
                f"{wording.signed(row['area_difference'])} {bounds} "
                f"{wording.metric_label(str(row['metric']))} over the labels that both have "
                f"({wording.p_is(row['p_area_holm'])} after Holm over the curves)."
            )
        yield _earlier(study, row)


def _earlier(study: Study, row: Mapping[Any, Any]) -> str:
    first, second, undecided = (int(row[key]) for key in ("a_earlier", "b_earlier", "undecided"))
    text = (
        f"{row['a']} needed fewer labels in {wording.plural(first, 'seed')}, {row['b']} in "
        f"{second}; {undecided} are undecided, as a curve ended before the goal or both needed the "
        "same number"
    )
    decided = first + second
    if not decided:
        return f"{text}. So nothing is tested."
    smallest = smallest_rank_p(decided)
    if smallest > study.alpha:
        return f"{text}. A sign test over {decided} seeds cannot fall below p = {smallest:.3g}."
    return f"{text} (sign test, {wording.p_is(row['p_labels'])})."


def _table(study: Study, pairs: pd.DataFrame) -> Table:
    shown = pairs.assign(
        interval=wording.intervals(pairs, "ci_low", "ci_high"),
        metric=pairs["metric"].map(wording.metric_label),
    )
    columns = [
        *PAIR,
        Column("metric", "Metric"),
        Column("n", "Seeds", wording.count, "whose curves share a range of labels"),
        Column("area_a", "Height of a", wording.score, "area under the curve / its width"),
        Column("area_b", "Height of b", wording.score),
        Column("area_difference", "a − b", wording.signed),
        Column("interval", f"{study.confidence} interval"),
        Column("p_area_holm", "p (Holm)", wording.p_value, "paired t-test of the heights"),
        Column("a_earlier", "a earlier", wording.count, "seeds"),
        Column("b_earlier", "b earlier", wording.count, "seeds"),
        Column("undecided", "Undecided", wording.count, "seeds; censored, or equal"),
        Column("p_labels", "p (sign)", wording.p_value, "sign test over the decided seeds"),
        Column("missing", "Left out"),
    ]
    caption = "Budget curves, paired by seed"
    return build_table("budgets", caption, shown, columns, study.styles)

"""Whole budget curves in words: the area under them, and who reaches the goal."""

from collections.abc import Iterator

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.table import PAIR, Column, Section, Table, build_table


def budget_section(study: Study) -> Section | None:
    """Return which curve is higher and which arms reach the goal; None without any curve."""
    pairs, goal = study.table("budgets"), study.table("goal")
    if pairs.empty and goal.empty:
        return None
    sentences = [*_reached(study, goal), *_paired(pairs)]
    if pairs.empty:
        sentences.append("No planned contrast is between two arms that both buy labels in rounds.")
    tables = (_table(study, pairs),) if len(pairs) else ()
    return Section("Over the whole budget", tuple(sentences), tables, "budgets", "budgets")


def _reached(study: Study, goal: pd.DataFrame) -> Iterator[str]:
    """Yield how many seeds of every arm reached the goal."""
    if goal.empty:
        yield "No arm had every label, so there is no goal to reach."
        return
    others = [arm for arm in study.arms if arm not in study.full_arms]
    counts = [
        f"{arm} in {rows['reached'].sum()} of {wording.plural(len(rows), 'seed')}"
        f" (with {wording.percent(rows['fraction'].mean())} of the training labels)"
        for arm in others
        if len(rows := goal[goal["arm"] == arm])
    ]
    if counts:
        yield (
            f"With its last labels, an arm reached {study.goal:.0%} of the {study.metric_label} "
            f"of {study.full_arms[0]} under the same seed: {', '.join(counts)}."
        )
    if len(study.table("targets")):
        yield "The labels that a score takes are under “How many more labels?”, with an interval."


def _paired(pairs: pd.DataFrame) -> Iterator[str]:
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
        Column("missing", "Left out"),
    ]
    caption = "Budget curves, paired by seed"
    return build_table("budgets", caption, shown, columns, study.styles)

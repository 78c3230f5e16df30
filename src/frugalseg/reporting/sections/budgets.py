"""Whole budget curves in words: the area under them, and the labels to a share of all labels'."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import style_arms
from frugalseg.reporting.part import Part
from frugalseg.reporting.table import Column, Table, build_table
from frugalseg.statistics.paired import smallest_rank_p


def budget_part(study: Study) -> Part | None:
    """Say which curve is higher and which is there earlier; None without any curve."""
    pairs, labels = study.table("budgets"), study.table("labels")
    curves = [arm for arm in study.arms if (study.points["arm"] == arm).sum() > 0]
    if not len(pairs) and not len(labels):
        return None
    sentences = [*_reached(study, labels, curves), *_paired(study, pairs)]
    if not len(pairs):
        sentences.append("No planned contrast is between two arms that both buy labels in rounds.")
    tables = (_table(study, pairs),) if len(pairs) else ()
    return Part("budgets", "Over the whole budget", tuple(sentences), tables, group="budgets")


def _reached(study: Study, labels: pd.DataFrame, arms: list[str]) -> Iterator[str]:
    """Say for every arm how many seeds came to the goal, and what is not known of the others."""
    if not len(labels):
        yield "No arm had every label, so there is nothing to count the labels to."
        return
    goal, metric = float(study.option("goal", 0.95)), wording.metric_label(study.metric)
    yield (
        f"Labels to {goal:.0%} of what {study.full_arms[0] if study.full_arms else 'the full arm'} "
        f"reaches in {metric} under the same seed, read off each seed’s curve, which is taken as "
        "straight between rounds and not drawn on beyond its ends:"
    )
    for arm in arms:
        rows = labels[labels["arm"] == arm]
        if arm not in study.full_arms and len(rows):
            yield _of_arm(arm, rows)


def _of_arm(arm: str, rows: pd.DataFrame) -> str:
    known = rows[rows["state"] != "no target"]
    reached = known[known["state"] == "reached"]["labels"]
    early, never = ((known["state"] == s).sum() for s in ("from the start", "never"))
    parts = []
    if early:
        parts.append(f"{early} there with the first labels (so many, or fewer, are enough)")
    if len(reached):
        share = wording.percent(float(reached.median()))
        parts.append(f"{len(reached)} there later, with {share} of the labels (median)")
    if never:
        parts.append(
            f"{never} not there with the labels given (more are needed, or no number is enough)"
        )
    if len(known) < len(rows):
        parts.append(f"{len(rows) - len(known)} without a score of all labels to compare with")
    return f"{arm}: of {wording.plural(len(rows), 'seed')} {'; '.join(parts)}."


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
    first, second, open_ = (int(row[key]) for key in ("a_earlier", "b_earlier", "undecided"))
    text = (
        f"{row['a']} needed fewer labels in {wording.plural(first, 'seed')}, {row['b']} in "
        f"{second}; of {open_} it is not known or they were equal, as a curve ended before the goal"
    )
    decided = first + second
    if not decided:
        return f"{text}. So nothing is tested."
    smallest = smallest_rank_p(decided)
    if smallest > study.alpha:
        return f"{text}. A sign test over {decided} seeds cannot fall below p = {smallest:.3g}."
    return f"{text} (sign test, {wording.p_is(row['p_labels'])})."


def _table(study: Study, pairs: pd.DataFrame) -> Table:
    shown = pairs.copy()
    shown["interval"] = [
        wording.interval(low, high, sign=True)
        for low, high in zip(pairs["ci_low"], pairs["ci_high"], strict=True)
    ]
    shown["metric"] = [wording.metric_label(str(metric)) for metric in pairs["metric"]]
    columns = [
        Column("a", "a", arm=True),
        Column("b", "b", arm=True),
        Column("metric", "Metric"),
        Column("n", "Seeds", wording.count, "whose curves share a range of labels"),
        Column("area_a", "Height of a", wording.score, "area under the curve / its width"),
        Column("area_b", "Height of b", wording.score),
        Column("area_difference", "a − b", wording.signed),
        Column("interval", f"{study.confidence} interval"),
        Column("p_area_holm", "p (Holm)", wording.p_value, "paired t-test of the heights"),
        Column("a_earlier", "a earlier", wording.count, "seeds"),
        Column("b_earlier", "b earlier", wording.count, "seeds"),
        Column("undecided", "Not known", wording.count, "seeds; censored, or equal"),
        Column("p_labels", "p (sign)", wording.p_value, "sign test over the decided seeds"),
        Column("missing", "Left out"),
    ]
    styles = style_arms(study.arms, study.full_arms)
    return build_table("budgets", "Budget curves, paired by seed", shown, columns, styles)

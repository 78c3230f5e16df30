"""The tables of the report: contrasts, scores, purchases and trainings."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pandas as pd

from frugalseg.metrics.metric import METRICS
from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.scope import speaks_of, with_new_images
from frugalseg.reporting.table import ARM, PAIR, ROUND, Column, Table, build_table
from frugalseg.statistics.order import ORDER_NAMES

_CLAIMS = {
    "superior": "a is better",
    "not_worse": "a is not worse",
    "equivalent": "practically the same",
}
_OF_MARGINS = ("p_same", "detectable_same")
"""Columns that are empty unless a contrast `superior` states a margin."""
_THRESHOLDS = {
    "validation": ("Validation threshold", "threshold chosen on validation images"),
    "half": ("Threshold 0.5", "threshold 0.5"),
    "patch": (
        "Center patch",
        "threshold chosen on validation images, on the center patch of each test image",
    ),
    "patch_half": (
        "Center patch, threshold 0.5",
        "threshold 0.5, on the center patch of each test image",
    ),
}
"""Threshold -> tab and words of its score table."""


def contrast_table(study: Study) -> Table:
    """Return one row a planned contrast, in the order they were planned."""
    shown = data = with_new_images(study)
    if len(data):
        shown = data.assign(
            metric=data["metric"].map(wording.metric_label),
            interval=wording.intervals(data, "ci_low", "ci_high"),
            new=wording.intervals(data, "new_low", "new_high"),
        )
        if "claim" in data:
            shown["claim"] = [_CLAIMS.get(claim, claim) for claim in data["claim"]]
        untested = [key for key in _OF_MARGINS if key in data and data[key].isna().all()]
        shown = shown.drop(columns=untested)
    columns = [
        *PAIR,
        Column("difference", "a − b", wording.signed, "mean difference over paired seeds"),
        Column("interval", f"{study.confidence}, these images", note=f"for {speaks_of(study)}"),
        Column("new", f"{study.confidence}, new images", note="for further seeds and new images"),
        Column("verdict", "Verdict"),
        Column("metric", "Metric"),
        Column("at", "At", note="final: the last round of each arm; else the share of labels"),
        Column("claim", "Claim"),
        Column("margin", "Margin", _margin, "smallest difference that matters"),
        Column("n", "Seeds", wording.count, "paired seeds"),
        Column("standing", "Planned", note="confirmatory: before there were results"),
        Column(
            "d_z",
            "d_z",
            partial(wording.signed, decimals=2),
            "mean difference / its standard deviation (Cohen)",
        ),
        Column(
            "p_adjusted",
            "p (adjusted)",
            wording.p_value,
            f"of the claim, after {ORDER_NAMES[study.order]} over all planned contrasts",
        ),
        Column("p_same", "p (same)", wording.p_value, "within ±margin, after Holm over margins"),
        Column("p_t", "p (t)", wording.p_value, "paired t-test, two-sided"),
        Column("p_wilcoxon", "p (Wilcoxon)", wording.p_value, "signed ranks, two-sided"),
        Column("p_permutation", "p (permutation)", wording.p_value, "sign flips, two-sided"),
        Column(
            "seeds_for_80", "Seeds for 80%", wording.seeds_needed, "for 80% power, if this is true"
        ),
        Column("level", "Level", wording.p_value, "at which seeds and detectable are planned"),
        Column("detectable", "Detectable", wording.score, "difference shown 4 times in 5"),
        Column("detectable_same", "Margin kept", wording.score, "by equal arms 4 times in 5"),
    ]
    table = build_table("contrasts", "Planned contrasts", shown, columns, study.styles)
    return replace(table, data=data, anchors=True)


def _margin(value: float) -> str:
    return "–" if wording.missing(value) or value == 0 else f"{value:g}"


def score_tables(study: Study) -> Iterator[Table]:
    """Yield mean ± standard deviation of every metric, a table for each threshold and class."""
    for threshold in sorted(set(study.scores["threshold"]), key="validation".__ne__):
        for name in dict.fromkeys(study.scores["class"]):
            rows = study.scores
            rows = rows[(rows["threshold"] == threshold) & (rows["class"] == name)]
            if len(rows):
                yield _score_table(study, rows, str(threshold), str(name))


def _score_table(study: Study, rows: pd.DataFrame, threshold: str, name: str) -> Table:
    keys = ["arm", "round"]
    grouped = rows.groupby([*keys, "metric"], sort=False)["value"].agg(["mean", "std"])
    data = rows.groupby(keys, sort=False)[["images", "fraction"]].mean().reset_index()
    metrics = sort_metrics(rows["metric"])
    for metric in metrics:
        values = grouped.xs(metric, level="metric").reindex(pd.MultiIndex.from_frame(data[keys]))
        data[metric], data[f"{metric}_sd"] = values["mean"].to_numpy(), values["std"].to_numpy()
    data = study.sort_by_arm(data.sort_values("round", kind="stable"))
    if "all_background" in rows:
        means = rows.groupby("metric")["all_background"].mean()
        background = pd.DataFrame([{"arm": "all background"} | means.to_dict()])
        data = pd.concat([data, background], ignore_index=True)
    columns = [
        ARM,
        ROUND,
        Column("images", "Images", wording.count, "labeled images, mean over seeds"),
        Column("fraction", "Labels", wording.percent, "share of the training labels"),
        *(
            Column(m, wording.metric_label(m), wording.score, wording.metric_note(m))
            for m in metrics
        ),
    ]
    tab, words = _THRESHOLDS.get(threshold, (threshold, threshold))
    caption = f"Scores at the {words}, {'all classes' if name == 'all' else f'class {name}'}"
    table = build_table(f"scores-{threshold}-{name}", caption, data, columns, study.styles)
    return replace(table, tab=tab if name == "all" else f"{tab}, {name}")


def sort_metrics(names: pd.Series) -> list[str]:
    """Return each name once: registered metrics in their order, then the others as they come."""
    order = {metric: place for place, metric in enumerate(METRICS)}
    return sorted(dict.fromkeys(map(str, names)), key=lambda name: order.get(name, len(order)))


def purchase_table(study: Study) -> Table | None:
    """Return what every arm's ledger holds, by the round it was bought in, averaged over seeds."""
    keys = ["arm", "bought", "part", "unit"]
    labels = study.labels
    if labels.empty or not {*keys, "pixels", "image_id"} <= set(labels.columns):
        return None
    sums = {name: (name, "sum") for name in ("pixels", "marks", "seconds") if name in labels}
    per_seed = labels.groupby([*keys, "seed"], sort=False).agg(labels=("image_id", "size"), **sums)
    seeds = labels.groupby("arm")["seed"].nunique()
    data = study.sort_by_arm(
        per_seed.groupby(keys).sum().div(seeds, axis=0, level="arm").reset_index()
    )
    columns = [
        ARM,
        Column("bought", "Bought in round", wording.count),
        Column("part", "For"),
        Column("unit", "Unit"),
        Column("labels", "Labels", wording.count),
        Column("pixels", "Pixels", wording.count),
        Column("marks", "Marks", wording.count, "strokes, points or boxes"),
        Column("seconds", "Time", wording.duration, "annotation time by the parameters"),
    ]
    caption = "What the labels were bought for, mean over seeds"
    return build_table("bought", caption, data, columns, study.styles)


def run_table(study: Study) -> Table | None:
    """Return steps, time and threshold of every arm's trainings, averaged over seeds."""
    data = pd.DataFrame(list(study.runs))
    columns = [
        Column("seconds", "Time of a training", wording.duration),
        Column("steps", "Steps", wording.count),
        Column("best_step", "Best step", wording.count, "by the validation images"),
        Column("threshold", "Threshold", wording.score, "chosen on the validation images"),
        Column("parameters", "Parameters", wording.count, "of the model"),
    ]
    numbers = [column.key for column in columns if column.key in data]
    if data.empty or not numbers:
        return None
    data[numbers] = data[numbers].apply(pd.to_numeric, errors="coerce")
    means = study.sort_by_arm(data.groupby(["arm", "round"])[numbers].mean().reset_index())
    caption = "Trainings, mean over seeds"
    return build_table("trainings", caption, means, [ARM, ROUND, *columns], study.styles)

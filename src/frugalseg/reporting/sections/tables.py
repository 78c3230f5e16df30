"""The tables of the report: contrasts, scores, and what was bought."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from frugalseg.metrics.metric import METRICS
from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import ArmStyle, style_arms
from frugalseg.reporting.table import Column, Table, build_table

_CLAIMS = {
    "superior": "a is better",
    "not_worse": "a is not worse",
    "equivalent": "no difference",
}


def contrast_table(study: Study) -> Table:
    """Return one row a planned contrast, in the order they were planned."""
    data = study.contrasts
    shown = data.copy()
    if len(data):
        shown["metric"] = [wording.metric_label(metric) for metric in data["metric"]]
        shown["interval"] = [
            wording.interval(low, high, sign=True)
            for low, high in zip(data["ci_low"], data["ci_high"], strict=True)
        ]
        if "claim" in data:
            shown["claim"] = [_CLAIMS.get(claim, claim) for claim in data["claim"]]
    columns = [
        Column("a", "a", arm=True),
        Column("b", "b", arm=True),
        Column("difference", "a − b", wording.signed, "mean difference over paired seeds"),
        Column("interval", f"{study.confidence} interval"),
        Column("verdict", "Verdict"),
        Column("metric", "Metric"),
        Column("at", "At", note="final: the last round of each arm; else the share of labels"),
        Column("claim", "Claim"),
        Column("margin", "Margin", _margin, "difference agreed not to matter"),
        Column("n", "Seeds", wording.count, "paired seeds"),
        Column("standing", "Planned", note="confirmatory: before there were results"),
        Column("d_z", "d_z", _two, "mean difference / its standard deviation (Cohen)"),
        Column("p_holm", "p (Holm)", wording.p_value, "of the claim, over all planned contrasts"),
        Column("p_t", "p (t)", wording.p_value, "paired t-test, two-sided"),
        Column("p_wilcoxon", "p (Wilcoxon)", wording.p_value, "signed ranks, two-sided"),
        Column("p_permutation", "p (permutation)", wording.p_value, "sign flips, two-sided"),
        Column("seeds_for_80", "Seeds for 80%", _planned, "for 80% power, if this is the truth"),
        Column("detectable", "Detectable", wording.score, "difference found 4 times in 5"),
    ]
    table = build_table(
        "contrasts", "Planned contrasts", shown, columns, _styles(study), anchors=True
    )
    return Table(table.name, table.caption, table.columns, table.rows, data, anchors=True)


def _styles(study: Study) -> dict[str, ArmStyle]:
    return style_arms(study.arms, study.full_arms)


def _margin(value: float) -> str:
    return "–" if wording.missing(value) or value == 0 else f"{value:g}"


def _two(value: float) -> str:
    return "–" if wording.missing(value) else f"{value:+.2f}".replace("-", "−")


def _planned(value: float) -> str:
    return "none" if value == float("inf") else wording.count(value)


@dataclass(frozen=True)
class ScoreTable:
    """The score table of one threshold and class."""

    tab: str
    table: Table


def score_tables(study: Study) -> Iterator[ScoreTable]:
    """Yield mean ± standard deviation of every metric, a table for each threshold and class."""
    for threshold in sorted(set(study.scores["threshold"]), key="validation".__ne__):
        for name in dict.fromkeys(study.scores["class"]):
            rows = study.scores
            rows = rows[(rows["threshold"] == threshold) & (rows["class"] == name)]
            if len(rows):
                yield _score_table(study, rows, str(threshold), str(name))


def _score_table(study: Study, rows: pd.DataFrame, threshold: str, name: str) -> ScoreTable:
    keys = ["arm", "round"]
    grouped = rows.groupby([*keys, "metric"], sort=False)["value"].agg(["mean", "std"])
    cost = rows.groupby(keys, sort=False)[["images", "fraction"]].mean()
    known = list(METRICS)
    metrics = list(dict.fromkeys(map(str, rows["metric"])))
    metrics.sort(key=lambda name: known.index(name) if name in known else len(known))
    data = cost.reset_index()
    for metric in metrics:
        one = grouped.xs(metric, level="metric").reindex(pd.MultiIndex.from_frame(data[keys]))
        data[metric], data[f"{metric}_sd"] = one["mean"].to_numpy(), one["std"].to_numpy()
    data = _in_order(study, data.sort_values("round", kind="stable"))
    data = pd.concat([data, _nothing(rows)], ignore_index=True)
    columns = [
        Column("arm", "Arm", arm=True),
        Column("round", "Round", wording.count),
        Column("images", "Images", wording.count, "labeled images, mean over seeds"),
        Column("fraction", "Labels", wording.percent, "share of the training labels"),
        *(
            Column(m, wording.metric_label(m), wording.score, wording.metric_note(m))
            for m in metrics
        ),
    ]
    caption = f"Scores at the {_THRESHOLDS.get(threshold, threshold)}, {_class(name)}"
    table = build_table(f"scores-{threshold}-{name}", caption, data, columns, _styles(study))
    tab = f"{_TABS.get(threshold, threshold)}" + ("" if name == "all" else f", {name}")
    return ScoreTable(tab, table)


def _in_order(study: Study, data: pd.DataFrame) -> pd.DataFrame:
    """Return the rows by the arms' order in the parameters, else as they are."""
    order = {arm: place for place, arm in enumerate(study.arms)}
    return data.sort_values("arm", key=lambda arms: arms.map(order), kind="stable")


_THRESHOLDS = {
    "validation": "threshold chosen on validation images",
    "half": "threshold 0.5",
    "patch": "threshold chosen on validation images, on the center patch of each test image",
    "patch_half": "threshold 0.5, on the center patch of each test image",
}
_TABS = {
    "validation": "Validation threshold",
    "half": "Threshold 0.5",
    "patch": "Center patch",
    "patch_half": "Center patch, threshold 0.5",
}


def _class(name: str) -> str:
    return "all classes" if name == "all" else f"class {name}"


def _nothing(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the row of predicting background everywhere: what a metric gives for nothing."""
    if "all_background" not in rows:
        return pd.DataFrame()
    means = rows.groupby("metric")["all_background"].mean()
    return pd.DataFrame([{"arm": "all background"} | means.to_dict()])


def purchase_table(study: Study) -> Table | None:
    """Return what every arm's ledger holds, by the round it was bought in, averaged over seeds."""
    keys = ["arm", "bought", "part", "unit"]
    labels = study.labels
    if labels.empty or not {*keys, "pixels", "image_id"} <= set(labels.columns):
        return None
    sums = {name: (name, "sum") for name in ("pixels", "seconds") if name in labels}
    per_seed = labels.groupby([*keys, "seed"], sort=False).agg(labels=("image_id", "size"), **sums)
    data = _in_order(study, (per_seed.groupby(keys).sum() / len(study.seeds)).reset_index())
    columns = [
        Column("arm", "Arm", arm=True),
        Column("bought", "Bought in round", wording.count),
        Column("part", "For"),
        Column("unit", "Unit"),
        Column("labels", "Labels", wording.count),
        Column("pixels", "Pixels", wording.count),
        Column("seconds", "Time", wording.duration, "annotation time by the parameters"),
    ]
    return build_table(
        "bought", "What the labels were bought for, mean over seeds", data, columns, _styles(study)
    )


def run_table(study: Study) -> Table | None:
    """Return steps, time and threshold of every arm's trainings, averaged over seeds."""
    data = pd.DataFrame(list(study.runs))
    numbers = ["seconds", "steps", "best_step", "threshold", "parameters"]
    known = [name for name in numbers if name in data]
    if data.empty or not known:
        return None
    data[known] = data[known].apply(pd.to_numeric, errors="coerce")
    data = data.groupby(["arm", "round"])[known].mean().reset_index()
    columns = [
        Column("arm", "Arm", arm=True),
        Column("round", "Round", wording.count),
        Column("seconds", "Time of a training", wording.duration),
        Column("steps", "Steps", wording.count),
        Column("best_step", "Best step", wording.count, "by the validation images"),
        Column("threshold", "Threshold", wording.score, "chosen on the validation images"),
        Column("parameters", "Parameters", wording.count, "of the model"),
    ]
    caption = "Trainings, mean over seeds"
    return build_table("trainings", caption, _in_order(study, data), columns, _styles(study))

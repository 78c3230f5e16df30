"""The report's section on tags: the ladder of pseudo-masks, and whether sources give tags away."""

from collections.abc import Iterator

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.table import ARM, Column, Section, Table, build_table

TELLING = 0.9
"""From this share of test images on, sources are said to give the tags away."""

_KINDS = {"model": "trained model", "maps": "maps that its pseudo-masks are cut from"}
_SHARES = ["majority", "source", "model", "agreement"]


def tag_section(study: Study) -> Section | None:
    """Return what the report says of tags; None for a study without them."""
    tables = tuple(filter(None, (_ladder_table(study), _shortcut_table(study))))
    sentences = (*_validation(study), *_warnings(study))
    return Section("Learning from tags", sentences, tables) if tables or sentences else None


def _validation(study: Study) -> Iterator[str]:
    """Yield what the threshold and best step of every arm that buys tags come from."""
    labels = study.labels
    if not {"arm", "unit", "part"} <= set(labels.columns):
        return
    for arm in study.arms:
        units = set(labels.loc[(labels["arm"] == arm) & (labels["part"] == "val"), "unit"])
        if "tag" in units:
            source = (
                "validation masks, which its costs include"
                if units - {"tag"}
                else "validation tags alone, and no validation mask was read"
            )
            yield f"{arm}: threshold and best step come from {source}."


def _warnings(study: Study) -> Iterator[str]:
    """Yield a warning for every arm whose tags can be predicted from the images' sources."""
    data = study.table("shortcut")
    if data.empty:
        return
    for arm, row in data.groupby("arm", sort=False)[_SHARES].mean().iterrows():
        if row["source"] >= TELLING and row["source"] > row["majority"]:
            yield (
                f"Warning: the source of an image alone predicts the tag of {row['source']:.0%} of "
                f"the test images; the most frequent tag is right on {row['majority']:.0%}. {arm} "
                f"is right on {row['model']:.0%} and agrees with the source on "
                f"{row['agreement']:.0%}: it may have learned the source. Tag tiles inside the "
                "images of one source (tags.grids), or draw sources equally often "
                "(weak.balance: source)."
            )


def _ladder_table(study: Study) -> Table | None:
    data = study.table("ladder")
    if data.empty:
        return None
    data = data[data["metric"] == study.metric]
    keys = ["ladder", "step", "arm", "kind"]
    shown = data.groupby(keys, sort=True)["value"].agg(["mean", "std", "count"]).reset_index()
    shown["kind"] = shown["kind"].map(_KINDS)
    columns = [
        Column("step", "Step", wording.count),
        ARM,
        Column("kind", "What is scored"),
        Column("mean", study.metric_label, wording.score, "mean over seeds"),
        Column("std", "sd", wording.score, "over seeds"),
        Column("count", "Seeds", wording.count),
    ]
    caption = "From tags to masks, step by step"
    return build_table("ladder", caption, shown, columns, study.styles)


def _shortcut_table(study: Study) -> Table | None:
    data = study.table("shortcut")
    if data.empty:
        return None
    shown: pd.DataFrame = data.groupby("arm", sort=False)[_SHARES].mean().reset_index()
    columns = [
        ARM,
        Column("majority", "Majority", wording.percent, "right by always giving the same tag"),
        Column("source", "Source alone", wording.percent, "right by the image's source"),
        Column("model", "Model", wording.percent, "right by any pixel found"),
        Column("agreement", "Model as source", wording.percent, "same answer as the source"),
    ]
    caption = "Tags of the test images, predicted by the source alone and by the model"
    return build_table("shortcut", caption, shown, columns, study.styles)

"""The report's section on tags: the ladder of pseudo-masks, and whether sources give tags away."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import ArmStyle, style_arms
from frugalseg.reporting.table import Column, Table, build_table

TELLING = 0.9
"""From this share of test images on, sources are said to give the tags away."""

_KINDS = {"model": "trained model", "maps": "maps that its pseudo-masks are cut from"}


@dataclass(frozen=True)
class TagReport:
    """Sentences and tables on tags."""

    sentences: tuple[str, ...]
    tables: tuple[Table, ...]


def build_tag_report(study: Study) -> TagReport | None:
    """Return what the report says of tags; None for a study without them."""
    made = (_ladder_table(study), _shortcut_table(study))
    tables = tuple(table for table in made if table is not None)
    sentences = (*_validation(study), *_warnings(study))
    return TagReport(sentences, tables) if tables or sentences else None


def _validation(study: Study) -> Iterator[str]:
    """Say of every arm that buys tags what its threshold and best step came from."""
    labels = study.labels
    if not {"arm", "unit", "part"} <= set(labels.columns):
        return
    for arm in study.arms:
        own = labels[(labels["arm"] == arm) & (labels["part"] == "val")]
        units = set(own["unit"])
        if "tag" in units:
            source = (
                "validation masks, which its costs include"
                if units - {"tag"}
                else "validation tags alone, and no validation mask was read"
            )
            yield f"{arm}: threshold and best step come from {source}."


def _warnings(study: Study) -> Iterator[str]:
    """Warn where the source of an image tells its tag about as well as looking at it."""
    data = study.shortcut
    if data.empty:
        return
    means = data.groupby("arm", sort=False)[["majority", "source", "model", "agreement"]].mean()
    for arm, row in means.iterrows():
        if row["source"] >= TELLING and row["source"] > row["majority"]:
            yield (
                f"Warning: of {row['source']:.0%} of the test images the source alone tells the "
                f"tag ({row['majority']:.0%} by always saying the same). {arm} is right on "
                f"{row['model']:.0%} and agrees with the source on {row['agreement']:.0%}: it may "
                "have learned the source. Tag tiles inside the images of one source (tags.grids), "
                "or draw sources equally often (weak.balance: source)."
            )


def _ladder_table(study: Study) -> Table | None:
    """Return every step's mean score over seeds, step after step."""
    data = study.ladder
    if data.empty:
        return None
    data = data[data["metric"] == study.metric]
    keys = ["ladder", "step", "arm", "kind"]
    shown = data.groupby(keys, sort=True)["value"].agg(["mean", "std", "count"]).reset_index()
    shown["kind"] = shown["kind"].map(_KINDS)
    columns = [
        Column("step", "Step", wording.count),
        Column("arm", "Arm", arm=True),
        Column("kind", "What is scored"),
        Column("mean", wording.metric_label(study.metric), wording.score, "mean over seeds"),
        Column("std", "sd", wording.score, "over seeds"),
        Column("count", "Seeds", wording.count),
    ]
    return build_table("ladder", "From tags to masks, step by step", shown, columns, _styles(study))


def _shortcut_table(study: Study) -> Table | None:
    data = study.shortcut
    if data.empty:
        return None
    names = ["majority", "source", "model", "agreement"]
    shown: pd.DataFrame = data.groupby("arm", sort=False)[names].mean().reset_index()
    columns = [
        Column("arm", "Arm", arm=True),
        Column("majority", "Majority", wording.percent, "right by always saying the same"),
        Column("source", "Source alone", wording.percent, "right by the image's source"),
        Column("model", "Model", wording.percent, "right by any pixel found"),
        Column("agreement", "Model as source", wording.percent, "same answer as the source"),
    ]
    caption = "Tags of the test images: told by the source alone, and by the model"
    return build_table("shortcut", caption, shown, columns, _styles(study))


def _styles(study: Study) -> dict[str, ArmStyle]:
    return style_arms(study.arms, study.full_arms)

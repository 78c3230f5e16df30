"""The report's section on what was bought: by whom, how alike, and which images most often."""

from collections.abc import Iterator

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.figures.jaccard import overlap_changes, overlaps
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.palette import style_arms
from frugalseg.reporting.part import Part
from frugalseg.reporting.table import Column, Table, build_table

FAVORITES = 5
"""Images named of every arm."""


def bought_part(study: Study) -> Part | None:
    """Return what the report says of purchases; None if no arm has bought in rounds."""
    if not study.purchases.arms:
        return None
    tables = [_favorite_table(study)]
    if len(study.purchases.arms) > 1:
        tables.insert(0, _overlap_table(study))
    return Part("bought", "What was bought", tuple(_sentences(study)), tuple(tables), "overlap")


def _sentences(study: Study) -> Iterator[str]:
    for arm in study.purchases.arms:
        if arm in study.params.get("oracles", ()):
            yield (
                f"{arm} is an oracle: it looked at labels before they were paid for. It is a "
                "control, and nobody could buy as it did."
            )
    scored = {arm for arm, _, _ in study.purchases.maps}
    blind = [arm for arm in study.purchases.arms if arm not in scored]
    if blind:
        yield f"No pixel was scored, so that there is no map of uncertainty: {', '.join(blind)}."


def _overlap_table(study: Study) -> Table:
    data = overlap_changes(overlaps(study.purchases.table))
    rounds = [str(name) for name in data if name not in ("a", "b")]
    note = "shared pixels of all pixels that either has bought so far; mean over seeds"
    columns = [
        Column("a", "a", arm=True),
        Column("b", "b", arm=True),
        *(Column(name, name.capitalize(), wording.score, note) for name in rounds),
    ]
    styles = style_arms(study.arms, study.full_arms)
    return build_table("overlap", "Overlap of purchases (Jaccard)", data, columns, styles)


def favorites(table: pd.DataFrame) -> pd.DataFrame:
    """Return the images that each arm bought of under most seeds, and there earliest.

    Returns:
        Columns arm, image_id, seeds (under which it was bought of), of (all seeds of the arm),
        round (mean of the first in which it was) and pixels (mean over those seeds).
    """
    keys = ["arm", "seed", "image_id"]
    runs = table.groupby(keys, sort=False).agg(round=("round", "min"), pixels=("pixels", "sum"))
    images = runs.reset_index().groupby(["arm", "image_id"], sort=False)
    found = images.agg(
        seeds=("seed", "nunique"), round=("round", "mean"), pixels=("pixels", "mean")
    )
    found = found.reset_index()
    found["of"] = found["arm"].map(table.groupby("arm")["seed"].nunique())
    order = {arm: place for place, arm in enumerate(dict.fromkeys(table["arm"]))}
    found = found.assign(place=found["arm"].map(order)).sort_values(
        ["place", "seeds", "round", "image_id"], ascending=[True, False, True, True]
    )
    columns = ["arm", "image_id", "seeds", "of", "round", "pixels"]
    return found[columns].reset_index(drop=True)


def _favorite_table(study: Study) -> Table:
    data = favorites(study.purchases.table)
    shown = data.groupby("arm", sort=False).head(FAVORITES).reset_index(drop=True)
    columns = [
        Column("arm", "Arm", arm=True),
        Column("image_id", "Image"),
        Column("seeds", "Seeds", wording.count, "under which something of it was bought"),
        Column("of", "of", wording.count, "all seeds; not every split has it in its pool"),
        Column("round", "First in round", wording.count, "mean over those seeds"),
        Column("pixels", "Pixels", wording.count, "bought of it; mean over those seeds"),
    ]
    styles = style_arms(study.arms, study.full_arms)
    caption = "Images that each arm bought of under most seeds"
    table = build_table("favorites", caption, shown, columns, styles)
    return Table(table.name, table.caption, table.columns, table.rows, data)

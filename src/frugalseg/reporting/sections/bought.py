"""The report's section on what was bought: by whom, how alike, and which images most often."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.figures.bought import overlap_changes, overlaps
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.table import ARM, PAIR, Column, Section, Table, build_table

FAVORITES = 5
"""Images listed of every arm."""


def bought_section(study: Study) -> Section | None:
    """Return what the report says of purchases; None if no arm has bought in rounds."""
    if not study.purchases.arms:
        return None
    tables = [_favorite_table(study)]
    if len(study.purchases.arms) > 1:
        tables.insert(0, _overlap_table(study))
    return Section("What was bought", tuple(_sentences(study)), tuple(tables), "overlap")


def _sentences(study: Study) -> Iterator[str]:
    for arm in study.purchases.arms:
        if arm in study.params.get("oracles", ()):
            yield (
                f"{arm} is an oracle: it looked at labels before they were paid for. It is a "
                "control that nobody could use in practice."
            )
    scored = {arm for arm, _, _ in study.purchases.maps}
    blind = [arm for arm in study.purchases.arms if arm not in scored]
    if blind:
        yield f"Arms that score no pixels have no map of uncertainty: {', '.join(blind)}."


def _overlap_table(study: Study) -> Table:
    data = overlap_changes(overlaps(study.purchases.table))
    note = "shared pixels of all pixels that either has bought so far; mean over seeds"
    rounds = [str(name) for name in data if name not in ("a", "b")]
    columns = [*PAIR, *(Column(name, name.capitalize(), wording.score, note) for name in rounds)]
    return build_table("overlap", "Overlap of purchases (Jaccard)", data, columns, study.styles)


def favorites(table: pd.DataFrame) -> pd.DataFrame:
    """Return every arm's images, those bought under most seeds first, then the earliest.

    Returns:
        Columns arm, image_id, seeds (under which it was bought), of (all seeds of the arm), round
        (of its first purchase) and pixels; round and pixels are means over `seeds`.
    """
    keys = ["arm", "seed", "image_id"]
    runs = table.groupby(keys, sort=False).agg(round=("round", "min"), pixels=("pixels", "sum"))
    images = runs.reset_index().groupby(["arm", "image_id"], sort=False)
    data = images.agg(
        seeds=("seed", "nunique"), round=("round", "mean"), pixels=("pixels", "mean")
    ).reset_index()
    data.insert(3, "of", data["arm"].map(table.groupby("arm")["seed"].nunique()))
    data["place"] = data["arm"].map(table["arm"].drop_duplicates().tolist().index)
    data = data.sort_values(
        ["place", "seeds", "round", "image_id"], ascending=[True, False, True, True]
    )
    return data.drop(columns="place").reset_index(drop=True)


def _favorite_table(study: Study) -> Table:
    data = favorites(study.purchases.table)
    shown = data.groupby("arm", sort=False).head(FAVORITES).reset_index(drop=True)
    columns = [
        ARM,
        Column("image_id", "Image"),
        Column("seeds", "Seeds", wording.count, "under which some of it was bought"),
        Column("of", "of", wording.count, "all seeds; not every split has it in its pool"),
        Column("round", "First in round", wording.count, "mean over those seeds"),
        Column("pixels", "Pixels", wording.count, "bought of it; mean over those seeds"),
    ]
    caption = "Images that each arm bought under most seeds"
    return replace(build_table("favorites", caption, shown, columns, study.styles), data=data)

"""What each part of the split holds, over all seeds."""

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.defects import classes_by_image
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.table import Cell, Column, Table

NAMES = {"train": "training", "val": "validation", "test": "test", "unlabeled": "without masks"}
"""The parts in their order, and their names in words."""
CLASS = "class: "
"""What stands before a class name in the columns, so that no class is taken for another column."""
KEYS = ["part", "seed"]


def part_counts(study: Study, defects: pd.DataFrame) -> pd.DataFrame:
    """Count what every part holds under every seed.

    Returns:
        part, seed, images, masks (images with one), positives, negatives, share (of the labelable
        pixels that are defect) and, for every class, the images that hold it (`class: <name>`).
    """
    if study.parts.empty:
        return pd.DataFrame(columns=KEYS)
    index = study.index[["image_id", "foreground", "pixels", "has_mask"]].copy()
    classes = classes_by_image(defects)
    for name in study.classes:
        index[f"{CLASS}{name}"] = [name in classes.get(str(i), ()) for i in index["image_id"]]
    index["masks"] = index.pop("has_mask").astype(bool)
    index["positives"] = index["masks"] & (index["foreground"] > 0)
    index["negatives"] = index["masks"] & ~index["positives"]
    index.insert(0, "images", 1)
    sums = _sum_by_part(study, index)
    sums["share"] = sums.pop("foreground") / sums.pop("pixels").where(sums["masks"] > 0)
    return sums


def _sum_by_part(study: Study, index: pd.DataFrame) -> pd.DataFrame:
    """Return the sums of the columns of `index` by part and seed, parts in the order of `NAMES`."""
    rows = study.parts.merge(index, on="image_id", how="left", validate="many_to_one")
    sums = rows.drop(columns="image_id").groupby(KEYS).sum().reset_index()
    order = {part: place for place, part in enumerate(NAMES)}
    return sums.sort_values(KEYS, key=lambda c: c.map(order) if c.name == "part" else c)


def part_table(study: Study, counts: pd.DataFrame) -> Table | None:
    """Return one row a part; a number that differs between seeds is given as a range."""
    if counts.empty:
        return None
    classes = study.classes if len(study.classes) > 1 else ()
    columns = [
        Column("part", "Part"),
        Column("images", "Images", wording.count),
        Column("positives", "With a defect", wording.count),
        Column("negatives", "Without", wording.count),
        *(
            Column(f"{CLASS}{name}", name, wording.count, "images that hold this class")
            for name in classes
        ),
        Column("share", "Defect pixels", wording.percent, "share of the labelable pixels"),
    ]
    return _table("split", "Images of every part", columns, counts)


def balance_table(study: Study, defects: pd.DataFrame) -> Table | None:
    """Return each class's share of the labelable pixels of every part; None for a lone class."""
    if study.parts.empty or len(study.classes) < 2:
        return None
    names = [f"{CLASS}{name}" for name in study.classes]
    areas = defects.groupby(["image_id", "class"])["area"].sum().unstack(fill_value=0)
    areas = areas.reindex(columns=list(study.classes), fill_value=0).set_axis(names, axis=1)
    index = study.index[["image_id", "pixels", "has_mask"]].join(areas, on="image_id")
    index["masks"] = index.pop("has_mask").astype(bool)
    index["pixels"] = index["pixels"].where(index["masks"], 0)
    sums = _sum_by_part(study, index.fillna(0))
    pixels = sums["pixels"].where(sums["pixels"] > 0)
    shares = sums[names].div(pixels, axis=0)
    background = (1 - shares.sum(axis=1)).where(pixels.notna())
    data = sums[[*KEYS, "masks"]].assign(background=background).join(shares)
    columns = [
        Column("part", "Part"),
        Column("background", "Background", wording.percent),
        *(
            Column(key, name, wording.percent, "share of the labelable pixels")
            for key, name in zip(names, study.classes, strict=True)
        ),
    ]
    return _table("balance", "Class balance of every part, by pixels", columns, data)


def _table(name: str, caption: str, columns: list[Column], counts: pd.DataFrame) -> Table:
    rows = tuple(
        (
            Cell(NAMES.get(str(part), str(part)), str(place), numeric=False),
            *(_range_cell(group, column) for column in columns[1:]),
        )
        for place, (part, group) in enumerate(counts.groupby("part", sort=False))
    )
    return Table(name, caption, tuple(columns), rows, counts)


def _range_cell(group: pd.DataFrame, column: Column) -> Cell:
    write = column.write or str
    values = group[column.key].astype(float).dropna()
    if values.empty or (column.key != "images" and not group["masks"].any()):
        return Cell(write(float("nan")), "", numeric=True)
    low, high = write(values.min()), write(values.max())
    text = low if low == high else f"{low}–{high}"
    return Cell(text, repr(float(values.mean())), numeric=True)

"""The tables of the data card: parts, classes, sizes, tags, duplicates and background scores."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.defects import classes_by_image
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.tables import sort_metrics
from frugalseg.reporting.table import Cell, Column, Table, build_table

LISTED = 100
"""Rows shown of a list that may be long."""
SIZES = 8
"""Image sizes shown one by one; the others are counted together."""
UNKNOWN, NO_MASK, NOTHING = "not known", "no mask", "no defect"
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
    return _range_table("split", "Images of every part", columns, counts)


def class_pixels(study: Study, defects: pd.DataFrame) -> pd.DataFrame:
    """Count the pixels of every class in every part under every seed.

    Returns:
        part, seed, masks (images with one), pixels (labelable ones of these images) and, for every
        class, its pixels (`class: <name>`).
    """
    if study.parts.empty:
        return pd.DataFrame(columns=KEYS)
    areas = defects.groupby(["image_id", "class"])["area"].sum().unstack(fill_value=0)
    areas = areas.reindex(columns=list(study.classes), fill_value=0).add_prefix(CLASS)
    index = study.index[["image_id", "pixels", "has_mask"]].join(areas, on="image_id")
    index["masks"] = index.pop("has_mask").astype(bool)
    index["pixels"] = index["pixels"].where(index["masks"], 0)
    return _sum_by_part(study, index.fillna(0))


def balance_table(study: Study, sums: pd.DataFrame) -> Table | None:
    """Return each class's share of the labelable pixels of every part; None for a lone class.

    Args:
        sums: as `class_pixels` returns them.
    """
    if study.parts.empty or len(study.classes) < 2:
        return None
    names = [f"{CLASS}{name}" for name in study.classes]
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
    return _range_table("balance", "Class balance of every part, by pixels", columns, data)


def _range_table(name: str, caption: str, columns: list[Column], counts: pd.DataFrame) -> Table:
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


def class_table(study: Study, defects: pd.DataFrame) -> Table:
    """Return the balance of the classes by pixels, by images and by connected defects."""
    masks = study.index[study.index["has_mask"].astype(bool)]
    pixels, images = float(masks["pixels"].sum()), len(masks)
    areas = defects["area"].astype(float).groupby(defects["class"])
    by = areas.agg(["sum", "size", "min", "median", "max"])
    by["images"] = defects.groupby("class")["image_id"].nunique()
    data = by.reindex(list(study.classes)).rename_axis("class").reset_index()
    data[["sum", "size", "images"]] = data[["sum", "size", "images"]].fillna(0)
    empty = int((masks["foreground"] == 0).sum())
    background = {"class": "background", "sum": pixels - data["sum"].sum(), "images": empty}
    data = pd.concat([data, pd.DataFrame([background])], ignore_index=True)
    data["share"] = data["sum"] / max(pixels, 1)
    data["image_share"] = data["images"] / max(images, 1)
    columns = [
        Column("class", "Class"),
        Column("share", "Pixels", wording.percent, "share of the labelable pixels"),
        Column("images", "Images", wording.count, "that hold it; background: that hold no defect"),
        Column("image_share", "Of images", wording.percent, "share of the images with a mask"),
        Column("size", "Defects", wording.count, "connected regions"),
        Column("min", "Smallest", wording.count, "pixels of the prepared image"),
        Column("median", "Median", wording.count, "pixels of the prepared image"),
        Column("max", "Largest", wording.count, "pixels of the prepared image"),
    ]
    return build_table("classes", "Class balance", data, columns)


def size_table(index: pd.DataFrame) -> Table:
    """Return how many images, not tiles, have which original size, the most frequent first."""
    if "source_id" in index:
        names = {"source_height": "height", "source_width": "width"}
        index = index.drop_duplicates("source_id")[list(names)].rename(columns=names)
    counts = index.groupby(["height", "width"]).size().sort_values(ascending=False, kind="stable")
    data = counts.rename("images").reset_index()
    data.insert(0, "size", data["height"].astype(str) + " × " + data["width"].astype(str))
    shown, others = data.head(SIZES), data.iloc[SIZES:]
    if len(others):
        name = wording.plural(len(others), "other size")
        rest = pd.DataFrame([{"size": name, "images": others["images"].sum()}])
        shown = pd.concat([shown, rest], ignore_index=True)
    shown = shown.assign(share=shown["images"] / max(len(index), 1))
    columns = [
        Column("size", "Height × width"),
        Column("images", "Images", wording.count),
        Column("share", "Of images", wording.percent),
    ]
    return replace(build_table("sizes", "Original image sizes", shown, columns), data=data)


def compare_tags(study: Study, defects: pd.DataFrame) -> pd.DataFrame:
    """Compare every image's tag with its mask in the stack.

    Returns:
        image_id, tag, mask, both in words, and agrees: False where both are known and differ.
    """
    classes = classes_by_image(defects)
    index = study.index
    tags = index["image_label"] if "image_label" in index else pd.Series("", index=index.index)
    masks = [
        " + ".join(n for n in study.classes if n in classes.get(str(image_id), ())) or NOTHING
        if has_mask
        else NO_MASK
        for image_id, has_mask in zip(index["image_id"], index["has_mask"], strict=True)
    ]
    table = pd.DataFrame({"image_id": index["image_id"], "mask": masks})
    table.insert(1, "tag", [_tag_words(str(tag), study.classes) for tag in tags.fillna("")])
    both = (table["tag"] != UNKNOWN) & (table["mask"] != NO_MASK)
    return table.assign(agrees=~both | (table["tag"] == table["mask"]))


def _tag_words(tag: str, classes: Sequence[str]) -> str:
    """Return the tag of `index.csv` in words: "" not known, "0" no defect, "1+3" classes."""
    if not tag:
        return UNKNOWN
    numbers = tag.split("+")
    names = [name for number, name in enumerate(classes, start=1) if str(number) in numbers]
    return " + ".join(names) or NOTHING


def tag_table(tags: pd.DataFrame) -> Table:
    """Return a row for every tag, and a column for everything that masks hold."""
    data = pd.crosstab(tags["tag"], tags["mask"])
    data = data.reindex(index=_classes_first(data.index), columns=_classes_first(data.columns))
    data = data.add_prefix("mask: ").reset_index()
    columns = [
        Column("tag", "Tag of the image"),
        *(Column(name, name, wording.count) for name in data.columns[1:]),
    ]
    return build_table("tags", "Image tags against masks", data, columns)


def _classes_first(names: Iterable[str]) -> list[str]:
    """Return names of classes by the alphabet, then the words that are no classes."""
    last = [NOTHING, NO_MASK, UNKNOWN]
    return sorted(names, key=lambda name: (last.index(name) + 1 if name in last else 0, name))


def disagreement_table(tags: pd.DataFrame) -> Table | None:
    """Return the images whose tag and mask differ; None if there are none."""
    differing = tags.loc[~tags["agrees"], ["image_id", "tag", "mask"]]
    columns = [Column("image_id", "Image"), Column("tag", "Tag"), Column("mask", "Mask")]
    return _list_table("disagreements", "Images whose tag and mask differ", differing, columns)


def duplicate_table(duplicates: pd.DataFrame) -> Table | None:
    """Return the pairs of images that are the same or nearly; None if there are none."""
    shown = duplicates.copy()
    if "same_mask" in shown:
        words = {"True": "the same", "False": "another"}
        shown["same_mask"] = shown["same_mask"].astype(str).map(words).fillna("not known")
        shown = shown.sort_values("same_mask", key=lambda c: c != "another", kind="stable")
    columns = [
        Column("image_id", "Image"),
        Column("other_id", "Other"),
        Column("kind", "Kind"),
        Column("distance", "Distance", wording.count, "bits in which their hashes differ"),
        Column("same_mask", "Mask"),
    ]
    return _list_table("duplicates", "Duplicates", shown, columns)


def leak_table(leaks: pd.DataFrame) -> Table | None:
    """Return the pairs on two sides of a split; None if there are none."""
    columns = [
        Column("seed", "Seed"),
        Column("image_id", "Image"),
        Column("part", "Part"),
        Column("other_id", "Other"),
        Column("other_part", "Its part"),
        Column("reason", "Reason"),
    ]
    return _list_table("leaks", "Pairs on two sides of a split", leaks, columns)


def background_table(study: Study) -> Table | None:
    """Return what predicting nothing at all scores on the test images, metric by metric."""
    scores = study.scores
    if "all_background" not in scores:
        return None
    chosen = scores[(scores["threshold"] == "validation") & (scores["class"] == "all")]
    means = chosen.groupby("metric")["all_background"].mean()
    names = sort_metrics(means.index.to_series())
    data = pd.DataFrame({"metric": names, "score": means.reindex(names).to_numpy()})
    data["note"] = data["metric"].map(wording.metric_note)
    data["metric"] = data["metric"].map(wording.metric_label)
    columns = [
        Column("metric", "Metric"),
        Column("score", "All background", wording.score),
        Column("note", "What it counts"),
    ]
    return build_table("background", "What predicting nothing scores", data, columns)


def _list_table(
    name: str, caption: str, data: pd.DataFrame, columns: Sequence[Column]
) -> Table | None:
    """Return a table of at most `LISTED` rows, whose caption says how many there are."""
    if data.empty:
        return None
    more = f" (the first {LISTED} of {len(data):,})" if len(data) > LISTED else ""
    return build_table(name, f"{caption}{more}", data.head(LISTED), columns)

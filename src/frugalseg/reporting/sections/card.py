"""The data card: what the data set is, what of it may mislead, and the numbers behind both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.figures.areas import NAME as AREAS
from frugalseg.reporting.load.defects import COLUMNS
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.card_tables import (
    background_table,
    class_table,
    disagreement_table,
    duplicate_table,
    leak_table,
    said_and_seen,
    size_table,
    tag_table,
)
from frugalseg.reporting.sections.card_warnings import card_warnings
from frugalseg.reporting.sections.parts import balance_table, part_counts, part_table
from frugalseg.reporting.table import Table


@dataclass(frozen=True)
class Section:
    """One part of the card: a heading, sentences, tables, the name of a figure."""

    title: str
    texts: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    figure: str = ""


@dataclass(frozen=True)
class DataCard:
    """Everything that the page says of the data.

    Attributes:
        facts: whose, what, how made; shown as they are.
        files: where it came from and its hashes, likewise.
        warnings: sentences, the gravest first.
    """

    facts: Mapping[str, Any]
    files: Mapping[str, Any]
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]


def build_card(study: Study, defects: pd.DataFrame) -> DataCard:
    """Put the card together.

    Args:
        defects: what `defects.measure` found, a row a defect.
    """
    counts = part_counts(study, defects)
    tags = said_and_seen(study, defects)
    return DataCard(
        facts=_facts(study),
        files=_files(study.card),
        warnings=tuple(card_warnings(study, defects, counts, tags)),
        sections=tuple(_sections(study, defects, counts, tags)),
    )


def read_defects(figures_dir: Path) -> pd.DataFrame:
    """Read the defects that the figure of their areas was drawn from; none without the figure."""
    path = figures_dir / f"{AREAS}.csv"
    if not path.is_file():
        return pd.DataFrame(columns=COLUMNS)
    return pd.read_csv(path, dtype={"image_id": str, "class": str}, keep_default_na=False)


def _sections(
    study: Study, defects: pd.DataFrame, counts: pd.DataFrame, tags: pd.DataFrame
) -> Iterator[Section]:
    split = part_table(study, counts)
    if split is not None:
        yield Section("Parts of the split", (_split_text(study),), (split,))
    balance = class_table(study, defects), balance_table(study, defects)
    yield Section("Class balance", (), tuple(table for table in balance if table is not None))
    if len(defects):
        yield Section("Defect areas", figure=AREAS)
    sizes = size_table(_as_they_came(study.index))
    yield Section("Image sizes", (_size_text(study),), (sizes,) if len(sizes.rows) > 1 else ())
    yield Section("Tags against masks", *_tag_parts(tags))
    yield Section("Duplicates and groups", *_duplicate_parts(study))
    background = background_table(study)
    if background is not None:
        text = "A score is worth what it has above this: the test images, nothing found in any."
        yield Section("What predicting nothing scores", (text,), (background,))


def _facts(study: Study) -> dict[str, Any]:
    card = study.card
    facts: dict[str, Any] = {
        "name": study.name,
        "homepage": card.get("homepage") or None,
        "citation": card.get("citation") or None,
        "license": card.get("license") or None,
        "classes": list(study.classes),
        "images": _image_text(study.index),
        "masks": _mask_text(card.get("mask") or {}),
    }
    return facts


def _files(card: Mapping[str, Any]) -> dict[str, Any]:
    hashes = [key for key in card if key.endswith(("sha256", "md5"))]
    return {key: card[key] for key in ("source", "reader", *sorted(hashes)) if key in card}


def _image_text(index: pd.DataFrame) -> str:
    masks = index["has_mask"].astype(bool)
    positive = int((masks & (index["foreground"] > 0)).sum())
    text = f"{len(index):,}, {positive:,} of them with a defect"
    return text if masks.all() else f"{text}, {int((~masks).sum()):,} without a mask"


_METHODS = {
    "nonzero": "whatever is not 0 is a defect",
    "threshold": "one threshold for the data set",
    "equals": "one gray level is the defect",
    "index": "gray levels are the numbers of the classes",
    "colors": "colors stand for classes",
    "otsu": "one threshold for the data set (Otsu 1979)",
    "otsu_image": "one threshold an image (Otsu 1979)",
}


def _mask_text(rule: Mapping[str, Any]) -> str:
    method, threshold = str(rule.get("method", "")), rule.get("threshold")
    text = f"{method}: {_METHODS.get(method, 'as the parameters say')}"
    if threshold is None:
        empty = "; one population of gray levels only, so every mask is empty"
        return text + (empty if method == "otsu" else "")
    text = f"{text}, above {float(threshold):g}"
    separability = rule.get("separability")
    if separability is None:
        return text
    return (
        f"{text}; separability {float(separability):.3f} (between-class over total variance of "
        "the gray levels of all masks; 1 is a clean cut)"
    )


def _split_text(study: Study) -> str:
    seeds = len(study.seeds)
    if seeds < 2:
        return "The parts under the one seed."
    return f"Every seed has its own split; what differs between the {seeds} is given as a range."


def _size_text(study: Study) -> str:
    heights, widths = study.index["height"].astype(int), study.index["width"].astype(int)
    size = " × ".join(str(side) for side in study.masks.shape[1:3])
    how = {"stretch": "resized", "pad": "shrunk where larger, then padded"}
    fit = how.get(str(study.card.get("fit")), str(study.card.get("fit")))
    if study.card.get("tile"):
        return _tile_text(study.card["tile"], study.index["source_id"].nunique(), size)
    lone = heights.nunique() == widths.nunique() == 1
    if lone and f"{heights.iloc[0]} × {widths.iloc[0]}" == size:
        return f"All images are {size} pixels (height × width), and stay so."
    sides = [
        f"{low:,}" if low == high else f"{low:,} to {high:,}"
        for low, high in ((s.min(), s.max()) for s in (heights, widths))
    ]
    return f"As they came: heights {sides[0]}, widths {sides[1]} pixels; {fit} to {size}."


def _as_they_came(index: pd.DataFrame) -> pd.DataFrame:
    """Return height and width of every image, not of its tiles."""
    if "source_id" not in index:
        return index
    names = {"source_height": "height", "source_width": "width"}
    return index.drop_duplicates("source_id")[list(names)].rename(columns=names)


def _tile_text(tile: Mapping[str, Any], images: int, size: str) -> str:
    """Say how images were cut."""
    first = "at their own scale"
    if tile["resize"]:
        first = f"after resizing them to {' × '.join(map(str, tile['resize']))}"
    elif tile["scale"] != 1:
        first = f"after shrinking both sides to {float(tile['scale']):g} of their length"
    return (
        f"Here an image is a tile: {wording.plural(images, 'image')} cut, {first}, into tiles of "
        f"{size} pixels with an overlap of {float(tile['overlap']):.0%}, padded where they reach "
        "over the rim. Each pixel has its label in one tile only; the tiles of an image stay on "
        "one side of a split, and Dice and IoU are those of whole images."
    )


def _tag_parts(tags: pd.DataFrame) -> tuple[tuple[str, ...], tuple[Table, ...]]:
    differing = disagreement_table(tags)
    text = (
        "A tag says of a whole image what it holds. Where the data set has none, it follows from "
        "the mask as it came, before its size was changed."
    )
    tables = (tag_table(tags), *([differing] if differing else []))
    return (text, *([] if differing else ["Every tag agrees with its mask."])), tables


def _duplicate_parts(study: Study) -> tuple[tuple[str, ...], tuple[Table, ...]]:
    found = [duplicate_table(study.duplicates), leak_table(study.leaks)]
    tables = tuple(table for table in found if table is not None)
    return (_duplicate_text(study), _group_text(study.index)), tables


def _duplicate_text(study: Study) -> str:
    if "kind" in study.duplicates:
        kinds = study.duplicates["kind"].value_counts()
        exact, near = int(kinds.get("exact", 0)), int(kinds.get("near", 0))
        if not exact and not near:
            return "No two images are equal, or nearly."
        return f"{wording.plural(exact, 'pair')} of equal images, {near:,} of nearly equal ones."
    if "sha256" not in study.index:
        return "Duplicates were not looked for."
    copies = int(study.index["sha256"].duplicated().sum())
    if not copies:
        return "No two images are equal, pixel by pixel."
    return f"{wording.plural(copies, 'image')} equal to an earlier one, pixel by pixel."


def _group_text(index: pd.DataFrame) -> str:
    groups = index["group"].fillna("").astype(str) if "group" in index else pd.Series(dtype=str)
    sizes = groups[groups != ""].value_counts()
    if sizes.empty:
        return "No groups are known: every image stands for itself."
    low, high = int(sizes.min()), int(sizes.max())
    each = wording.plural(low, "image") if low == high else f"{low:,} to {high:,} images"
    return f"{wording.plural(len(sizes), 'group')}, of {each} each; a group stays on one side."

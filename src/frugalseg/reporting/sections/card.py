"""The data card: what the data set is, what of it may mislead, and the numbers behind both."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.figures.areas import NAME as AREAS
from frugalseg.reporting.load.defects import COLUMNS
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections import card_tables
from frugalseg.reporting.sections.card_masks import mask_sections, mask_text
from frugalseg.reporting.sections.card_warnings import card_warnings
from frugalseg.reporting.table import Section


@dataclass(frozen=True)
class DataCard:
    """Everything that the page says of the data.

    Attributes:
        facts: whose, what, how made; shown as they are.
        files: source and hashes, likewise.
        warnings: sentences, the most serious first.
    """

    facts: Mapping[str, Any]
    files: Mapping[str, Any]
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]


def build_card(study: Study, defects: pd.DataFrame) -> DataCard:
    """Return the card.

    Args:
        defects: as `defects.measure` returns them, a row a defect.
    """
    counts = card_tables.part_counts(study, defects)
    sums = card_tables.class_pixels(study, defects)
    tags = card_tables.compare_tags(study, defects)
    card = study.card
    hashes = sorted(key for key in card if key.endswith(("sha256", "md5")))
    return DataCard(
        facts={
            "name": study.name,
            **{key: card.get(key) or None for key in ("homepage", "citation", "license")},
            "classes": list(study.classes),
            "images": _image_text(study.index),
            "pairs": _pair_lines(card.get("pairs") or []) or None,
            "not read": _unread_lines(card.get("unread") or []) or None,
            "masks": mask_text(card.get("mask") or {}),
        },
        files={key: card[key] for key in ("source", "reader", *hashes) if key in card},
        warnings=tuple(card_warnings(study, defects, counts, sums, tags)),
        sections=tuple(_sections(study, defects, counts, sums, tags)),
    )


def read_defects(figures_dir: Path) -> pd.DataFrame:
    """Read the defects that the figure of their areas was drawn from; none without the figure."""
    path = figures_dir / f"{AREAS}.csv"
    if not path.is_file():
        return pd.DataFrame(columns=COLUMNS)
    return pd.read_csv(path, dtype={"image_id": str, "class": str}, keep_default_na=False)


def _sections(
    study: Study,
    defects: pd.DataFrame,
    counts: pd.DataFrame,
    sums: pd.DataFrame,
    tags: pd.DataFrame,
) -> Iterator[Section]:
    split = card_tables.part_table(study, counts)
    if split is not None:
        yield Section("Parts of the split", (_split_text(study),), (split,))
    balance = card_tables.class_table(study, defects), card_tables.balance_table(study, sums)
    yield Section("Class balance", (), tuple(filter(None, balance)))
    if len(defects):
        yield Section("Defect areas", figures=AREAS)
    yield from mask_sections(study.card.get("mask") or {})
    sizes = card_tables.size_table(study.index)
    yield Section("Image sizes", (_size_text(study),), (sizes,) if len(sizes.rows) > 1 else ())
    differing = card_tables.disagreement_table(tags)
    text = (
        "A tag says what a whole image holds. Where the data set has none, it follows from the "
        "original mask, before any resizing."
    )
    texts = (text,) if differing else (text, "Every tag agrees with its mask.")
    tables = tuple(filter(None, (card_tables.tag_table(tags), differing)))
    yield Section("Tags against masks", texts, tables)
    pairs = (
        card_tables.duplicate_table(study.table("duplicates")),
        card_tables.leak_table(study.table("leaks")),
    )
    texts = (_duplicate_text(study), _group_text(study.index))
    yield Section("Duplicates and groups", texts, tuple(filter(None, pairs)))
    background = card_tables.background_table(study)
    if background is not None:
        text = (
            "Only what a score has above these values counts: they are those of the test images "
            "with no defect found in any."
        )
        yield Section("What predicting nothing scores", (text,), (background,))


def _image_text(index: pd.DataFrame) -> str:
    masks = index["has_mask"].astype(bool)
    positive = int((masks & (index["foreground"] > 0)).sum())
    text = f"{len(index):,}, {positive:,} of them with a defect"
    return text if masks.all() else f"{text}, {int((~masks).sum()):,} without a mask"


def _pair_lines(rules: Sequence[Mapping[str, Any]]) -> list[str]:
    total = sum(rule["images"] for rule in rules)
    return [
        f"{wording.percent(rule['images'] / total)} by {rule['rule']}, such as "
        + ", ".join(f"{image} with {mask}" for image, mask in rule["examples"])
        for rule in rules
    ]


def _unread_lines(kinds: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        f"{kind['reason']} ({wording.plural(kind['files'], 'file')}): {', '.join(kind['names'])}"
        for kind in kinds
    ]


def _split_text(study: Study) -> str:
    seeds = len(study.seeds)
    if seeds < 2:
        return "The parts under the one seed."
    return (
        "Seeds share official parts and the test images, and draw their own validation images; "
        f"numbers that differ between the {seeds} are ranges."
    )


def _size_text(study: Study) -> str:
    size = " × ".join(str(side) for side in study.masks.shape[1:3])
    if study.card.get("tile"):
        return _tile_text(study.card["tile"], study.index["source_id"].nunique(), size)
    spans = study.index[["height", "width"]].astype(int).agg(["min", "max"]).T
    if spans.to_numpy().tolist() == [[side, side] for side in study.masks.shape[1:3]]:
        return f"All images are {size} pixels (height × width); their size was not changed."
    heights, widths = (
        f"{low:,}" if low == high else f"{low:,} to {high:,}" for low, high in spans.to_numpy()
    )
    how = {"stretch": "resized", "pad": "shrunk where larger, then padded"}
    fit = how.get(str(study.card.get("fit")), str(study.card.get("fit")))
    reason = study.card.get("image_size_reason")
    why = f" This size was chosen because {reason}." if reason else ""
    return f"Originally: heights {heights}, widths {widths} pixels; {fit} to {size}.{why}"


def _tile_text(tile: Mapping[str, Any], images: int, size: str) -> str:
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


def _duplicate_text(study: Study) -> str:
    duplicates = study.table("duplicates")
    if "kind" in duplicates:
        kinds = duplicates["kind"].value_counts()
        exact, near = int(kinds.get("exact", 0)), int(kinds.get("near", 0))
        if not exact and not near:
            return "No two images are equal or nearly equal."
        return f"{wording.plural(exact, 'pair')} of equal images, {near:,} of nearly equal ones."
    if "sha256" not in study.index:
        return "No search for duplicates was made."
    copies = int(study.index["sha256"].duplicated().sum())
    if not copies:
        return "No two images are equal, pixel by pixel."
    return f"{wording.plural(copies, 'image')} equal to an earlier one, pixel by pixel."


def _group_text(index: pd.DataFrame) -> str:
    groups = index["group"].fillna("").astype(str) if "group" in index else pd.Series(dtype=str)
    sizes = groups[groups != ""].value_counts()
    if sizes.empty:
        return "The images have no groups: every image stands for itself."
    low, high = int(sizes.min()), int(sizes.max())
    each = wording.plural(low, "image") if low == high else f"{low:,} to {high:,} images"
    return f"{wording.plural(len(sizes), 'group')}, of {each} each; a group stays on one side."

"""A few test images for the first page: the truth, and what the emphasized arms make of it."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from frugalseg.reporting.emphasis import emphasized
from frugalseg.reporting.figures.gallery import GalleryItem, PredictionPanel, load_gallery
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.overlay import OUTLINE, image_uri, layer_uri, outline
from frugalseg.reporting.page.pictures import Picture, cell_width
from frugalseg.reporting.palette import CLEAR, FALSE, HIT, MISSED

ERRORS = [CLEAR, *((*color, 190) for color in (HIT, MISSED, FALSE))]
"""Colors of the values of an error map."""
ARMS = 3
"""Arms shown at most."""


@dataclass(frozen=True)
class ExampleRow:
    """One test image: its truth, and the errors of a few arms; `title` says why it is shown."""

    title: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Examples:
    """The examples with their photos, as data URIs; `width` and `height` in the photos' pixels."""

    photos: tuple[str, ...]
    rows: tuple[ExampleRow, ...]
    width: int
    height: int
    cell: int


def build_examples(study: Study) -> Examples | None:
    """Return the examples; None where no prediction was kept."""
    arms = (*emphasized(study)[: ARMS - 1], *study.full_arms[:1])
    items = [replace(item, panels=_panels_of(item, arms)) for item in load_gallery(study)]
    chosen = choose_examples([item for item in items if item.panels])
    if not chosen:
        return None
    height, width = study.masks.shape[1:3]
    return Examples(
        photos=tuple(image_uri(item.image) for item in chosen.values()),
        rows=tuple(
            ExampleRow(title, tuple(_pictures(number, item)))
            for number, (title, item) in enumerate(chosen.items())
        ),
        width=width,
        height=height,
        cell=cell_width(width, height),
    )


def _panels_of(item: GalleryItem, arms: Sequence[str]) -> tuple[PredictionPanel, ...]:
    panels = {panel.arm: panel for panel in item.panels}
    return tuple(panels[arm] for arm in arms if arm in panels)


def choose_examples(items: Sequence[GalleryItem]) -> dict[str, GalleryItem]:
    """Return up to four items by title: by the Dice of their first panel, and without a defect."""
    ranked = sorted(filter(_has_defect, items), key=lambda item: item.panels[0].dice)
    empty = [item for item in items if not _has_defect(item)]
    chosen = {"Lowest Dice": ranked[0]} if ranked else {}
    if len(ranked) > 2:
        chosen["Median Dice"] = ranked[len(ranked) // 2]
    if len(ranked) > 1:
        chosen["Highest Dice"] = ranked[-1]
    if empty:
        chosen["No defect"] = empty[0]
    return chosen


def _has_defect(item: GalleryItem) -> bool:
    right, missed, _ = item.panels[0].counts
    return right + missed > 0


def _pictures(number: int, item: GalleryItem) -> Iterator[Picture]:
    truth = layer_uri(outline(item.target).astype(np.uint8), OUTLINE)
    alt = f"Test image {item.image_id}, true mask outlined"
    yield Picture(number, "truth", item.image_id, alt, (truth,))
    for panel in item.panels:
        right, missed, false = panel.counts
        alt = (
            f"{panel.arm} on {item.image_id}: {right} defect pixels found, {missed} missed, "
            f"{false} falsely found"
        )
        yield Picture(number, panel.arm, _note(panel), alt, (layer_uri(panel.errors, ERRORS),))


def _note(panel: PredictionPanel) -> str:
    if math.isnan(panel.dice):
        return "correctly empty"
    return f"Dice {panel.dice:.2f}" if any(panel.counts[:2]) else "false alarm"

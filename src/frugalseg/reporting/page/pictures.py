"""Data sheet and purchases as the page shows them: one photo each, masks as layers on top."""

import math
from dataclasses import dataclass

import numpy as np

from frugalseg.reporting.figures.bought import figure_name, frames, shown_purchases
from frugalseg.reporting.figures.gallery import share_of, sheet_rows
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.overlay import OUTLINE, image_uri, layer_uri, outline
from frugalseg.reporting.palette import FALSE

_HEAT = [(*FALSE, round(0.8 * value)) for value in range(256)]
AREA = 150
"""Pixels of the side of a square cell; others get the same area."""


@dataclass(frozen=True)
class Picture:
    """A photo (by its number) with layers, as data URIs; `alt` describes both."""

    photo: int
    label: str
    note: str
    alt: str
    layers: tuple[str, ...]


@dataclass(frozen=True)
class BoughtStrip:
    """What one arm bought, drawn on top of the images; `figure` is the same as a file."""

    arm: str
    figure: str
    pictures: list[Picture]


@dataclass(frozen=True)
class Album:
    """All pictures of the page.

    Attributes:
        photos: data URIs, each used by several pictures and embedded once.
        width, height: of every photo, in its own pixels.
        cell: width of a picture on the page in CSS pixels.
        bought: what every arm bought in rounds.
    """

    photos: list[str]
    sheet: list[Picture]
    width: int
    height: int
    cell: int
    bought: list[BoughtStrip]


def build_album(study: Study) -> Album:
    """Turn data sheet and purchases into pictures for the page."""
    height, width = study.masks.shape[1:3]
    rows = sheet_rows(study)
    purchases = shown_purchases(study)
    own = list(dict.fromkeys(purchase.row for purchase in purchases))
    sheet = []
    for number, row in enumerate(rows):
        image_id, share = str(study.index["image_id"].iloc[row]), share_of(study.index, row)
        layer = layer_uri(outline(np.asarray(study.masks[row])).astype(np.uint8), OUTLINE)
        alt = f"{image_id}: {share or 'mask outlined'}"
        sheet.append(Picture(number, image_id, share, alt, (layer,)))
    strips: dict[str, BoughtStrip] = {}
    for p in purchases:
        heat = () if p.scores is None else (layer_uri(p.scores, _HEAT),)
        layers = (*heat, layer_uri(frames(p.boxes, (height, width)), OUTLINE))
        number = len(rows) + own.index(p.row)
        picture = Picture(number, p.image_id, f"round {p.round}", p.words, layers)
        strip = strips.setdefault(p.arm, BoughtStrip(p.arm, figure_name(study, p.arm), []))
        strip.pictures.append(picture)
    return Album(
        photos=[image_uri(np.asarray(study.images[row])) for row in (*rows, *own)],
        sheet=sheet,
        width=width,
        height=height,
        cell=cell_width(width, height),
        bought=list(strips.values()),
    )


def cell_width(width: int, height: int) -> int:
    """Return the CSS pixels of a picture's width, for photos of that size in their own pixels."""
    return round(min(max(AREA * math.sqrt(width / height), 104), 260))

"""Data sheet and purchases as the page shows them: one photo each, masks as layers on top."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frugalseg.reporting.figures.bought_maps import Purchase, figure_name, frames, shown_purchases
from frugalseg.reporting.figures.sheet import share_of, sheet_rows
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
    layers: tuple[str, ...] = ()


@dataclass(frozen=True)
class BoughtStrip:
    """What one arm bought, drawn on top of the images."""

    arm: str
    figure: str
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Album:
    """Everything pictorial on the page.

    Attributes:
        photos: data URIs, each used by several pictures and embedded once.
        width, height: of every photo, in its own pixels.
        cell: width of a picture on the page in CSS pixels.
        bought: what every arm bought in rounds.
    """

    photos: tuple[str, ...]
    sheet: tuple[Picture, ...]
    width: int
    height: int
    cell: int
    bought: tuple[BoughtStrip, ...] = ()


def build_album(study: Study) -> Album:
    """Turn data sheet and purchases into pictures for the page."""
    rows = sheet_rows(study)
    height, width = study.masks.shape[1:3]
    photos = [image_uri(np.asarray(study.images[row])) for row in rows]
    purchases = shown_purchases(study)
    extra = {row: len(photos) + k for k, row in enumerate(dict.fromkeys(p.row for p in purchases))}
    photos += [image_uri(np.asarray(study.images[row])) for row in extra]
    return Album(
        photos=tuple(photos),
        sheet=tuple(_sheet_picture(study, k, row) for k, row in enumerate(rows)),
        bought=_bought_strips(study, purchases, extra),
        width=width,
        height=height,
        cell=round(min(max(AREA * math.sqrt(width / height), 104), 260)),
    )


def _bought_strips(
    study: Study, purchases: Sequence[Purchase], photos: Mapping[int, int]
) -> tuple[BoughtStrip, ...]:
    pictures: dict[str, list[Picture]] = {}
    size = study.masks.shape[1], study.masks.shape[2]
    for purchase in purchases:
        layers = [layer_uri(frames(purchase.boxes, size), OUTLINE)]
        if purchase.scores is not None:
            layers.insert(0, layer_uri(purchase.scores, _HEAT))
        picture = Picture(
            photo=photos[purchase.row],
            label=purchase.image_id,
            note=f"round {purchase.round}",
            alt=purchase.words,
            layers=tuple(layers),
        )
        pictures.setdefault(purchase.arm, []).append(picture)
    return tuple(
        BoughtStrip(arm, figure_name(study, arm), tuple(shown)) for arm, shown in pictures.items()
    )


def _sheet_picture(study: Study, number: int, row: int) -> Picture:
    image_id = str(study.index["image_id"].iloc[row])
    share = share_of(study.index, row)
    return Picture(
        photo=number,
        label=image_id,
        note=share,
        alt=f"{image_id}: {share or 'mask outlined'}",
        layers=(_outline_uri(np.asarray(study.masks[row])),),
    )


def _outline_uri(mask: NDArray[np.uint8]) -> str:
    return layer_uri(outline(mask).astype(np.uint8), OUTLINE)

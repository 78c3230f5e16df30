"""Sample images and data sheet as the page shows them: one photo each, masks as layers on top."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frugalseg.reporting import wording
from frugalseg.reporting.bought_maps import Purchase, figure_name, frames, shown_purchases
from frugalseg.reporting.gallery import Scene, Shot, load_scenes
from frugalseg.reporting.overlay import EXTRA, MISS, RIGHT, image_uri, layer_uri, outline
from frugalseg.reporting.palette import FALSE, HIT, MISSED, ArmStyle, style_arms
from frugalseg.reporting.sheet import share_of, sheet_rows
from frugalseg.reporting.study import Study

CLEAR = (0, 0, 0, 0)
_ERRORS = [CLEAR, (*HIT, 190), (*MISSED, 200), (*FALSE, 190)]
_PRED = [CLEAR, (*HIT, 190)]
_OUTLINE = [CLEAR, (*MISSED, 255)]
_HEAT = [(*FALSE, round(0.8 * value)) for value in range(256)]
AREA = 150
"""Pixels of the side of a square cell; others get the same area."""


@dataclass(frozen=True)
class Layer:
    """A transparent picture over a photo, shown in one of the views."""

    view: str
    uri: str


@dataclass(frozen=True)
class Picture:
    """A photo (by its number) with layers; `alt` describes both."""

    photo: int
    label: str
    note: str
    alt: str
    layers: tuple[Layer, ...] = ()
    style: ArmStyle | None = None


@dataclass(frozen=True)
class Strip:
    """One sample image with its truth and every arm's pictures."""

    image_id: str
    pictures: tuple[Picture, ...]


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
    strips: tuple[Strip, ...]
    sheet: tuple[Picture, ...]
    width: int
    height: int
    cell: int
    bought: tuple[BoughtStrip, ...] = ()


def build_album(study: Study) -> Album:
    """Turn sample images and data sheet into pictures for the page."""
    scenes = [scene for scene in load_scenes(study) if scene.shots]
    rows = sheet_rows(study)
    styles = style_arms(study.arms, study.full_arms)
    height, width = study.masks.shape[1:3]
    photos = [image_uri(scene.image) for scene in scenes]
    photos += [image_uri(np.asarray(study.images[row])) for row in rows]
    purchases = shown_purchases(study)
    extra = {row: len(photos) + k for k, row in enumerate(dict.fromkeys(p.row for p in purchases))}
    photos += [image_uri(np.asarray(study.images[row])) for row in extra]
    return Album(
        photos=tuple(photos),
        strips=tuple(_strip(k, scene, styles) for k, scene in enumerate(scenes)),
        sheet=tuple(_sheet_picture(study, len(scenes) + k, row) for k, row in enumerate(rows)),
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
        layers = [Layer("always", layer_uri(frames(purchase.boxes, size), _OUTLINE))]
        if purchase.scores is not None:
            layers.insert(0, Layer("always", layer_uri(purchase.scores, _HEAT)))
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


def _strip(number: int, scene: Scene, styles: Mapping[str, ArmStyle]) -> Strip:
    border = Layer("always", _outline_uri(scene.target))
    pictures = [
        Picture(number, "image", "", f"Test image {scene.image_id}"),
        Picture(number, "truth", "", f"{scene.image_id}, true mask outlined", (border,)),
        *(_shot_picture(number, scene.image_id, shot, styles) for shot in scene.shots),
    ]
    return Strip(scene.image_id, tuple(pictures))


def _shot_picture(
    number: int, image_id: str, shot: Shot, styles: Mapping[str, ArmStyle]
) -> Picture:
    right, missed, false = (int((shot.errors == kind).sum()) for kind in (RIGHT, MISS, EXTRA))
    found = (shot.pred > 0).astype(np.uint8)
    return Picture(
        photo=number,
        label=shot.arm,
        note=_note(shot.dice, right + missed),
        alt=(
            f"{shot.arm} on {image_id}: {right} defect pixels found, {missed} missed, "
            f"{false} found falsely"
        ),
        layers=(
            Layer("errors", layer_uri(shot.errors, _ERRORS)),
            Layer("prediction", layer_uri(found, _PRED)),
            Layer("probability", layer_uri(shot.prob, _HEAT)),
        ),
        style=styles.get(shot.arm),
    )


def _note(dice: float, truth: int) -> str:
    if wording.missing(dice):
        return "rightly empty"
    return f"Dice {dice:.2f}" if truth else "false alarm"


def _sheet_picture(study: Study, number: int, row: int) -> Picture:
    image_id = str(study.index["image_id"].iloc[row])
    share = share_of(study.index, row)
    return Picture(
        photo=number,
        label=image_id,
        note=share,
        alt=f"{image_id}: {share or 'mask outlined'}",
        layers=(Layer("always", _outline_uri(np.asarray(study.masks[row]))),),
    )


def _outline_uri(mask: NDArray[np.uint8]) -> str:
    return layer_uri(outline(mask).astype(np.uint8), _OUTLINE)


def views(strips: Sequence[Strip]) -> tuple[str, ...]:
    """Return the views that can be chosen for the strips."""
    layers = [layer for s in strips for picture in s.pictures for layer in picture.layers]
    return tuple(dict.fromkeys(layer.view for layer in layers if layer.view != "always"))

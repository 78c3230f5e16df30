"""The browsable gallery: every test image with stored predictions, and the orders to show them.

Its data lie inside the page while it stays small, else beside it. A page opened from disk may not
read the pixels of pictures beside it, so these are scripts that pass the pictures to the page (see
`gallery.js`): one an image, loaded when it is shown.
"""

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.inference.predictions import LEVELS, pack
from frugalseg.reporting import palette
from frugalseg.reporting.figures.gallery import PredictionPanel
from frugalseg.reporting.load.samples import Prediction
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.overlay import error_map, image_bytes, to_base64

PAGE_LIMIT = 15_000_000
"""Bytes that a page may have with its pictures inside."""
FOLDER = "pictures"
CALLBACK = "frugalsegGallery"
"""The page's function that takes an image's number and its pictures."""
VIEWS = ("errors", "prediction", "probability", "uncertainty")
ORDER_NOTES: Mapping[str, str] = {
    "worst": "Lowest Dice first, the mean over the arms’ last rounds; correctly empty counts as 1.",
    "best": "Highest Dice first, the mean over the arms’ last rounds; correctly empty counts as 1.",
    "disagreed": "First the images on which two arms differ in most pixels, averaged over pairs.",
    "random": "In an order that depends on the images’ names alone.",
}


@dataclass(frozen=True)
class GalleryColumn:
    """One column of the gallery: an arm after a round; `last` is its final one."""

    arm: str
    round: int
    last: bool


@dataclass(frozen=True)
class BrowsedImage:
    """One test image; the page's script draws masks and their errors from it.

    Attributes:
        photo: JPEG.
        truth: PNG of the mask; 255 where there is no label.
        predictions: of every column; None where there is none.
        defect: whether the truth holds any.
        counts: for every column the pixels that are right, missed and false; None likewise.
        score: mean Dice of the last columns; a correctly empty prediction counts as 1.
        disagreement: pixels on which two arms differ, averaged over all pairs.
    """

    image_id: str
    photo: bytes
    truth: bytes
    predictions: tuple[Prediction | None, ...]
    defect: bool
    counts: tuple[tuple[int, int, int] | None, ...]
    score: float
    disagreement: float


def gallery_columns(study: Study) -> tuple[GalleryColumn, ...]:
    """Return every arm's rounds, in the order of the parameters."""
    rounds = {arm: study.samples[arm].rounds for arm in study.arms if arm in study.samples}
    return tuple(
        GalleryColumn(arm, number, number == max(rounds[arm]))
        for arm in rounds
        for number in rounds[arm]
    )


def browse_images(study: Study, columns: Sequence[GalleryColumn]) -> Iterator[BrowsedImage]:
    """Yield every image with stored predictions, in the order of the stack."""
    ids = {image_id for samples in study.samples.values() for image_id in samples.image_ids}
    for row, image_id in enumerate(map(str, study.index["image_id"])):
        if columns and image_id in ids:
            keys = [(column.arm, (column.round, image_id)) for column in columns]
            predictions = [study.samples[arm].predictions.get(key) for arm, key in keys]
            yield _browsed_image(study, image_id, row, columns, predictions)


def _browsed_image(
    study: Study,
    image_id: str,
    row: int,
    columns: Sequence[GalleryColumn],
    predictions: Sequence[Prediction | None],
) -> BrowsedImage:
    target = np.asarray(study.masks[row])
    empty = np.zeros(target.shape, np.uint8)
    preds = np.stack([p.mask() if p else empty for p in predictions])
    panels = [
        PredictionPanel(column.arm, errors) if prediction else None
        for column, prediction, errors in zip(
            columns, predictions, error_map(preds, target), strict=True
        )
    ]
    last = [k for k, column in enumerate(columns) if column.last and panels[k]]
    dice = np.nan_to_num([panel.dice for k in last if (panel := panels[k])], nan=1.0)
    return BrowsedImage(
        image_id=image_id,
        photo=image_bytes(np.asarray(study.images[row])),
        truth=pack(target),
        predictions=tuple(predictions),
        defect=bool(((target > 0) & (target != IGNORE)).any()),
        counts=tuple(panel.counts if panel else None for panel in panels),
        score=float(dice.mean()) if last else 1.0,
        disagreement=disagreement(preds[last] > 0),
    )


def disagreement(preds: NDArray[np.bool_]) -> float:
    """Return on how many pixels two of K predictions differ, averaged over all pairs.

    Args:
        preds: bool, K x H x W.
    """
    k = len(preds)
    if k < 2:
        return 0.0
    votes = preds.sum(axis=0, dtype=np.int64)
    return float((votes * (k - votes)).sum() / (k * (k - 1) / 2))


def gallery_orders(images: Sequence[BrowsedImage]) -> dict[str, list[int]]:
    """Return the numbers of the images in each order of showing them.

    `random` follows the hash of the names: the same images in the same order every time.
    """
    keys: dict[str, list[Any]] = {
        "worst": [(image.score, image.image_id) for image in images],
        "best": [(-image.score, image.image_id) for image in images],
        "disagreed": [(-image.disagreement, image.image_id) for image in images],
        "random": [hashlib.sha256(image.image_id.encode()).hexdigest() for image in images],
    }
    return {name: sorted(range(len(images)), key=key.__getitem__) for name, key in keys.items()}


def gallery_facts(study: Study) -> dict[str, Any] | None:
    """Return what the template says of the gallery; None where no prediction was kept."""
    predicted = {image_id for samples in study.samples.values() for image_id in samples.image_ids}
    shown = predicted & set(map(str, study.index["image_id"]))
    columns = gallery_columns(study)
    if not shown or not columns:
        return None
    first = study.parts[study.parts["seed"] == study.parts["seed"].min()]
    return {
        "shown": len(shown),
        "images": max(len(shown), int((first["part"] == "test").sum())),
        "views": VIEWS,
        "rounds": any(not column.last for column in columns),
    }


def gallery_json(study: Study, folder: Path, room: int) -> Markup:
    """Return what the page's script draws the gallery from, safe inside a script element.

    Args:
        folder: where pictures go that the page has no room for; an older one is deleted.
        room: bytes the pictures may take inside the page.
    """
    shutil.rmtree(folder, ignore_errors=True)
    columns = gallery_columns(study)
    images = list(browse_images(study, columns))
    inside = 4 / 3 * sum(map(_size, images)) <= room
    if not inside:
        folder.mkdir(parents=True)
        for number, image in enumerate(images):
            text = f"{CALLBACK}({number}, {htmlsafe_json_dumps(_pictures(image))});\n"
            (folder / f"{number:04d}.js").write_text(text, "utf-8")
    height, width = study.masks.shape[1:3]
    return htmlsafe_json_dumps(
        {
            "width": int(width),
            "height": int(height),
            "levels": LEVELS,
            "colors": palette.GALLERY_COLORS,
            "cells": [
                {
                    **vars(column),
                    "color": study.styles[column.arm].variable,
                    "glyph": study.styles[column.arm].glyph,
                }
                for column in columns
            ],
            "orders": gallery_orders(images),
            "images": [
                {"id": image.image_id, "defect": image.defect, "counts": image.counts}
                for image in images
            ],
            "folder": None if inside else folder.name,
            "pictures": [_pictures(image) for image in images] if inside else [],
        }
    )


def _size(image: BrowsedImage) -> int:
    predictions = sum(len(p.pred) + len(p.prob) for p in image.predictions if p)
    return len(image.photo) + len(image.truth) + predictions


def _pictures(image: BrowsedImage) -> dict[str, Any]:
    """Return an image's pictures in base64: JPEG the photo, PNG the others."""
    return {
        "photo": to_base64(image.photo),
        "truth": to_base64(image.truth),
        "predictions": [
            {key: to_base64(content) for key, content in vars(prediction).items()}
            if prediction
            else None
            for prediction in image.predictions
        ],
    }

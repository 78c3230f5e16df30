"""The data of the gallery: inside the page while it stays small, else beside it.

A page opened from disk may not read the pixels of pictures beside it, so these are scripts that
pass the pictures to the page (see `gallery.js`): one an image, loaded when it is shown.
"""

import shutil
from pathlib import Path
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from frugalseg.inference.predictions import LEVELS
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.overlay import to_base64
from frugalseg.reporting.page.browse import (
    VIEWS,
    BrowsedImage,
    browse_images,
    gallery_columns,
    gallery_orders,
)
from frugalseg.reporting.palette import FALSE, HIT, MISSED, UNSURE

PAGE_LIMIT = 15_000_000
"""Bytes that a page may have with its pictures inside."""
FOLDER = "pictures"
CALLBACK = "frugalsegGallery"
"""The page's function that takes an image's number and its pictures."""


def gallery_facts(study: Study) -> dict[str, Any] | None:
    """Return what the template says of the gallery; None where no prediction was kept."""
    kept = {image_id for samples in study.samples.values() for image_id in samples.image_ids}
    shown = kept & set(map(str, study.index["image_id"]))
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
            "colors": {"hit": HIT, "missed": MISSED, "false": FALSE, "unsure": UNSURE},
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
        "shots": [
            {key: to_base64(content) for key, content in vars(prediction).items()}
            if prediction
            else None
            for prediction in image.predictions
        ],
    }

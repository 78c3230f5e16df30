"""What the gallery is drawn from: inside the page while it stays small, else beside it.

A page from disk may not read the pixels of pictures beside it, so these are scripts that hand the
pictures over (`gallery.js` says how): one an image, loaded when it is looked at.
"""

import base64
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from frugalseg.inference.predictions import LEVELS
from frugalseg.reporting.load.samples import Prediction
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.page.browse import (
    VIEWS,
    Cell,
    Entry,
    gallery_cells,
    gallery_entries,
    gallery_orders,
)
from frugalseg.reporting.palette import FALSE, HIT, MISSED, UNSURE, ArmStyle, style_arms

PAGE_LIMIT = 15_000_000
"""Bytes that a page may have with its pictures inside."""
FOLDER = "pictures"
HAND_OVER = "frugalsegGallery"
"""The page's function that takes an image's number and its pictures."""


def gallery_facts(study: Study) -> dict[str, Any] | None:
    """Return what the template says of the gallery; None where no prediction was kept."""
    kept = {image_id for samples in study.samples.values() for image_id in samples.image_ids}
    shown = kept & set(map(str, study.index["image_id"]))
    cells = gallery_cells(study)
    if not shown or not cells:
        return None
    first = study.parts[study.parts["seed"] == study.parts["seed"].min()]
    return {
        "shown": len(shown),
        "images": max(len(shown), int((first["part"] == "test").sum())),
        "views": VIEWS,
        "rounds": any(not cell.last for cell in cells),
    }


def gallery_json(study: Study, folder: Path, room: int) -> Markup:
    """Return what the page's script draws the gallery from, safe inside a script element.

    Args:
        folder: where pictures go that the page has no room for; an older one is deleted.
        room: bytes the pictures may take inside the page.
    """
    shutil.rmtree(folder, ignore_errors=True)
    cells = gallery_cells(study)
    entries = list(gallery_entries(study, cells))
    inside = 4 / 3 * sum(map(_size, entries)) <= room
    if not inside:
        _write_beside(folder, entries)
    styles = style_arms(study.arms, study.full_arms)
    height, width = study.masks.shape[1:3]
    return htmlsafe_json_dumps(
        {
            "width": int(width),
            "height": int(height),
            "levels": LEVELS,
            "colors": {"hit": HIT, "missed": MISSED, "false": FALSE, "unsure": UNSURE},
            "cells": [_cell(cell, styles[cell.arm]) for cell in cells],
            "orders": gallery_orders(entries),
            "images": [
                {"id": entry.image_id, "defect": entry.defect, "counts": entry.counts}
                for entry in entries
            ],
            "folder": None if inside else folder.name,
            "pictures": [_pictures(entry) for entry in entries] if inside else [],
        }
    )


def _cell(cell: Cell, style: ArmStyle) -> dict[str, Any]:
    return {
        "arm": cell.arm,
        "round": cell.round,
        "last": cell.last,
        "color": style.variable,
        "glyph": style.glyph,
    }


def _size(entry: Entry) -> int:
    shots = sum(len(shot.pred) + len(shot.prob) for shot in entry.shots if shot is not None)
    return len(entry.photo) + len(entry.truth) + shots


def _pictures(entry: Entry) -> dict[str, Any]:
    """Return an image's pictures in base64: JPEG the photo, PNG the others."""
    return {
        "photo": _base64(entry.photo),
        "truth": _base64(entry.truth),
        "shots": [None if shot is None else _shot(shot) for shot in entry.shots],
    }


def _shot(shot: Prediction) -> dict[str, str]:
    return {"pred": _base64(shot.pred), "prob": _base64(shot.prob)}


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _write_beside(folder: Path, entries: Sequence[Entry]) -> None:
    folder.mkdir(parents=True)
    for number, entry in enumerate(entries):
        text = f"{HAND_OVER}({number}, {htmlsafe_json_dumps(_pictures(entry))});\n"
        (folder / f"{number:04d}.js").write_text(text, "utf-8")

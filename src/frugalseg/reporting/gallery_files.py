"""The gallery's pictures: inside the page while it stays small, else in a folder beside it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from frugalseg.reporting.browse import (
    VIEWS,
    Cell,
    Entry,
    gallery_cells,
    gallery_entries,
    gallery_orders,
)
from frugalseg.reporting.overlay import data_uri
from frugalseg.reporting.palette import ArmStyle, style_arms
from frugalseg.reporting.study import Study

PAGE_LIMIT = 15_000_000
"""Bytes that a page may have with its pictures inside."""
FOLDER = "pictures"

Place = Callable[[str, bytes], str]
"""Puts a picture somewhere, by file name and content, and returns its address."""


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
    size = sum(len(picture) for entry in entries for _, picture in _pictures(entry))
    if size * 4 / 3 > room:
        folder.mkdir(parents=True)
    place = _beside(folder) if folder.is_dir() else _inside
    styles = style_arms(study.arms, study.full_arms)
    height, width = study.masks.shape[1:3]
    return htmlsafe_json_dumps(
        {
            "width": int(width),
            "height": int(height),
            "cells": [_cell(cell, styles[cell.arm]) for cell in cells],
            "orders": gallery_orders(entries),
            "images": [_image(number, entry, place) for number, entry in enumerate(entries)],
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


def _pictures(entry: Entry) -> Iterator[tuple[str, bytes]]:
    """Yield what each picture is called and its content."""
    yield "photo.jpg", entry.photo
    yield "truth.png", entry.truth
    yield from ((f"{view}.png", entry.layers[view]) for view in VIEWS)


def _image(number: int, entry: Entry, place: Place) -> dict[str, Any]:
    found = {
        name.split(".")[0]: place(f"{number:04d}-{name}", picture)
        for name, picture in _pictures(entry)
    }
    return {"id": entry.image_id, "counts": entry.counts, "pictures": found}


def _inside(name: str, picture: bytes) -> str:
    return data_uri("image/jpeg" if name.endswith(".jpg") else "image/png", picture)


def _beside(folder: Path) -> Place:
    def write(name: str, picture: bytes) -> str:
        (folder / name).write_bytes(picture)
        return f"{folder.name}/{name}"

    return write

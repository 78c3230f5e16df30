"""The answer in words, for a terminal, and as one self-contained page."""

import base64
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image

from frugalseg.core.files import replacing
from frugalseg.quick.answer import Answer, Request
from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import WIDE, house_style, save_figure
from frugalseg.reporting.figures.forecast import draw_forecast
from frugalseg.reporting.overlay import to_rgb
from frugalseg.reporting.page.templating import environment, inline_svg
from frugalseg.reporting.palette import style_arms
from frugalseg.reporting.sections.forecast import answers
from frugalseg.reporting.table import Column, build_table

ARM = "frozen"
SIDE = 240
"""Longest side of the suggested images on the page, in pixels."""
TOO_SHORT = "The curve is too short for a forecast: label more images."
CAPTION = (
    "Marks are means over seeds, bars reach from the lowest to the highest seed. The dashed line "
    "and the band are the expected score of more labels and its 90% interval."
)


def curve_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Return mean, standard deviation, lowest and highest Dice over seeds, a row a budget."""
    table = scores.groupby("images")["value"].agg(["mean", "std", "min", "max"])
    return table.reset_index()


def sentences(found: Answer) -> list[str]:
    """Return what the forecast says, without the name of the one arm that there is."""
    label = wording.metric_label("dice")
    said = answers(found.tables.forecast, found.tables.targets, label)
    return [line.removeprefix(f"{ARM}: ") for line in said] or [TOO_SHORT]


def print_answer(found: Answer, request: Request) -> str:
    """Return the answer as text."""
    lines = [*found.facts, "", "labels  Dice  over seeds"]
    for row in curve_table(found.scores).to_dict("records"):
        lines.append(
            f"{row['images']:6.0f}  {wording.score(row['mean'])}  "
            f"{wording.score(row['min'])} to {wording.score(row['max'])}"
        )
    lines += ["", *sentences(found)]
    if len(found.suggestions):
        lines += ["", _chosen_by(found, request)]
        lines += [f"  {name}" for name in found.suggestions["image_id"]]
    return "\n".join(lines)


def write_page(found: Answer, request: Request, out: Path) -> None:
    """Write the page, which needs no other file."""
    columns = [
        Column("images", "Labeled images", wording.count),
        Column("mean", wording.metric_label("dice"), wording.score, "mean over seeds"),
        Column("std", "SD", wording.score, "over seeds"),
        Column("min", "Lowest", wording.score),
        Column("max", "Highest", wording.score),
    ]
    curve = build_table("curve", "Dice by labels", curve_table(found.scores), columns)
    html = environment().get_template("quick.html").render(
        name=request.folder.resolve().name,
        facts=found.facts,
        sentences=sentences(found),
        figure=_figure(found),
        caption=CAPTION,
        curve=curve,
        chosen_by=_chosen_by(found, request),
        pictures=[
            {"name": name, "uri": _picture(found.pictures[name])}
            for name in found.suggestions["image_id"]
        ],
    )  # fmt: skip
    with replacing(out) as partial:
        partial.write_text(html, "utf-8")


def _chosen_by(found: Answer, request: Request) -> str:
    return (
        f"{wording.plural(len(found.suggestions), 'image')} to label next, by {request.acquire} of "
        "a head that has learned from all masks:"
    )


def _figure(found: Answer) -> Any:
    """Return the curve and its forecast as inline SVG; None without a forecast."""
    tables = found.tables
    if tables.forecast.empty:
        return None
    style = style_arms([ARM], [], {})[ARM]
    label = wording.metric_label("dice")
    with tempfile.TemporaryDirectory() as folder, house_style():
        path = Path(folder) / "curve.svg"
        save_figure(draw_forecast(tables.forecast, tables.targets, style, label, WIDE), path)
        return inline_svg(path, " ".join(sentences(found)), "curve")


def _picture(image: np.ndarray[Any, Any]) -> str:
    """Return a small JPEG of an image, uint8 H x W x C, as a data URI."""
    picture = Image.fromarray(to_rgb(image))
    picture.thumbnail((SIDE, SIDE))
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()

"""What a drawing function returns, and how it becomes files."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json
from frugalseg.reporting.figures.canvas import NARROW, WIDE, house_style, save_figure

FILE_ONLY = "file-only"
"""Group of figures that the page shows in its own way; they have no narrow SVG."""


@dataclass(frozen=True, kw_only=True)
class FigureRecord:
    """A figure on disk: `<name>` as .png, .svg, .pdf and .csv; for phones `<name>-narrow.svg`.

    Attributes:
        group: figures of one group are shown one at a time, under their `tab`.
    """

    name: str
    title: str
    caption: str
    alt: str
    group: str = ""
    tab: str = ""


@dataclass(frozen=True, kw_only=True)
class Drawing(FigureRecord):
    """A figure still to be drawn.

    Attributes:
        draw: draws it at a width in inches.
        data: the numbers it is drawn from.
    """

    draw: Callable[[float], Figure]
    data: pd.DataFrame


def save_drawing(drawing: Drawing, out: Path) -> FigureRecord:
    """Draw at both widths and write the files into `out`."""
    with house_style():
        wide = drawing.draw(WIDE)
        save_figure(wide, out / f"{drawing.name}.png")
        wide.set_layout_engine("none")  # the layout is done, and takes longer than the drawing
        save_figure(wide, out / f"{drawing.name}.svg")
        save_figure(wide, out / f"{drawing.name}.pdf")
        if drawing.group != FILE_ONLY:
            save_figure(drawing.draw(NARROW), out / f"{drawing.name}-narrow.svg")
    drawing.data.to_csv(out / f"{drawing.name}.csv", index=False, float_format="%.6g")
    return FigureRecord(**{f.name: getattr(drawing, f.name) for f in fields(FigureRecord)})


def save_records(records: Sequence[FigureRecord], out: Path) -> None:
    """Write `figures.json`, the list of the figures in `out`."""
    text = json.dumps([asdict(record) for record in records], indent=1, ensure_ascii=False)
    paths.within(out, paths.FIGURES).write_text(text + "\n", "utf-8")


def load_records(folder: Path) -> list[FigureRecord]:
    """Read `figures.json`.

    Raises:
        FrugalsegError: if it does not exist.
    """
    path = paths.within(folder, paths.FIGURES)
    if not path.is_file():
        raise FrugalsegError(f"{path} does not exist. Draw the figures before the page.")
    return [FigureRecord(**record) for record in read_json(path)]

"""Every figure of one data set, drawn into files."""

import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

from frugalseg.core import lifeline
from frugalseg.reporting.figures.areas import area_drawings
from frugalseg.reporting.figures.bought import bought_drawings, overlap_drawings
from frugalseg.reporting.figures.budget_figures import budget_drawings
from frugalseg.reporting.figures.calibration import calibration_drawings, reliability_drawings
from frugalseg.reporting.figures.confusion import confusion_drawings
from frugalseg.reporting.figures.curves import curve_drawings, sparkline_drawings
from frugalseg.reporting.figures.drawing import Drawing, FigureRecord, save_drawing, save_records
from frugalseg.reporting.figures.estimates import estimate_drawings
from frugalseg.reporting.figures.forecast import forecast_drawings
from frugalseg.reporting.figures.gallery import gallery_drawings, sheet_drawings
from frugalseg.reporting.figures.growth import growth_drawings
from frugalseg.reporting.figures.headline import headline_drawings
from frugalseg.reporting.figures.progress import training_drawings
from frugalseg.reporting.figures.ranking import ranking_drawings
from frugalseg.reporting.load.study import Study

FIGURES = (
    headline_drawings,
    curve_drawings,
    forecast_drawings,
    estimate_drawings,
    budget_drawings,
    ranking_drawings,
    calibration_drawings,
    reliability_drawings,
    confusion_drawings,
    bought_drawings,
    overlap_drawings,
    training_drawings,
    growth_drawings,
    gallery_drawings,
    sheet_drawings,
    area_drawings,
    sparkline_drawings,
)
"""What yields the figures of a study, in the order of the page."""

_JOBS: list[tuple[Sequence[Drawing], Path]] = []
"""The drawings and their folder, in a process that draws some of them."""


def draw_all(study: Study, out: Path, *, processes: int = 1) -> list[FigureRecord]:
    """Draw every figure into `out` as PNG, SVG, PDF and the CSV of its data.

    They are listed in `figures.json`. The same study gives the same bytes, in any number of
    processes; elsewhere than on Linux it is one.
    """
    return draw(chain.from_iterable(figure(study) for figure in FIGURES), out, processes=processes)


def draw(drawings: Iterable[Drawing], out: Path, *, processes: int = 1) -> list[FigureRecord]:
    """Draw some figures into `out`, and list them in `figures.json`."""
    out.mkdir(parents=True, exist_ok=True)
    if processes == 1 or sys.platform != "linux":
        records = [save_drawing(drawing, out) for drawing in drawings]
    else:
        records = _draw_in_processes(list(drawings), out, processes)
    save_records(records, out)
    return records


def _draw_in_processes(
    drawings: Sequence[Drawing], out: Path, processes: int
) -> list[FigureRecord]:
    # A fork inherits the drawings and the study behind them: nothing is pickled.
    with ProcessPoolExecutor(
        processes, get_context("fork"), initializer=_start, initargs=(drawings, out)
    ) as pool:
        return list(pool.map(_draw, range(len(drawings))))


def _start(drawings: Sequence[Drawing], out: Path) -> None:
    lifeline.exit_with_parent()
    _JOBS[:] = [(drawings, out)]


def _draw(number: int) -> FigureRecord:
    drawings, out = _JOBS[0]
    return save_drawing(drawings[number], out)

"""Every figure of one data set, drawn into files."""

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import chain, islice, zip_longest
from multiprocessing import get_context
from pathlib import Path

from frugalseg.core import lifeline
from frugalseg.reporting.figures.areas import area_drawings
from frugalseg.reporting.figures.bought_maps import bought_drawings
from frugalseg.reporting.figures.budget_figures import budget_drawings
from frugalseg.reporting.figures.calibration import calibration_drawings
from frugalseg.reporting.figures.confusion import confusion_drawings
from frugalseg.reporting.figures.curves import curve_drawings
from frugalseg.reporting.figures.drawing import (
    Drawing,
    FigureRecord,
    remove_figures,
    save_drawing,
    save_records,
)
from frugalseg.reporting.figures.estimates import estimate_drawings
from frugalseg.reporting.figures.gallery import gallery_drawings
from frugalseg.reporting.figures.growth import growth_drawings
from frugalseg.reporting.figures.jaccard import overlap_drawings
from frugalseg.reporting.figures.progress import training_drawings
from frugalseg.reporting.figures.ranking import ranking_drawings
from frugalseg.reporting.figures.reliability import reliability_drawings
from frugalseg.reporting.figures.sheet import sheet_drawings
from frugalseg.reporting.figures.sparkline import sparkline_drawings
from frugalseg.reporting.load.study import Study

_GIVEN: list[tuple[Study, Path, int]] = []
"""What a process that draws a share of the figures was given when it began."""


def drawings(study: Study) -> Iterator[Drawing]:
    """Yield every figure of the study, in the order of the page."""
    return chain(
        curve_drawings(study),
        estimate_drawings(study),
        budget_drawings(study),
        ranking_drawings(study),
        calibration_drawings(study),
        reliability_drawings(study),
        confusion_drawings(study),
        bought_drawings(study),
        overlap_drawings(study),
        training_drawings(study),
        growth_drawings(study),
        gallery_drawings(study),
        sheet_drawings(study),
        area_drawings(study),
        sparkline_drawings(study),
    )


def draw_all(study: Study, out: Path, *, processes: int = 1) -> list[FigureRecord]:
    """Draw every figure into `out` as PNG, SVG, PDF and the CSV of its data.

    They are listed in `figures.json`; those that an earlier list names are deleted first. The same
    study gives the same bytes, in any number of processes; elsewhere than on Linux it is one.
    """
    out.mkdir(parents=True, exist_ok=True)
    remove_figures(out)
    if processes == 1 or sys.platform != "linux":
        records = _draw_share(study, out, 0, 1)
    else:
        records = _draw_in_processes(study, out, processes)
    save_records(records, out)
    return records


def _draw_share(study: Study, out: Path, first: int, step: int) -> list[FigureRecord]:
    """Draw one figure of every `step`, from number `first` on."""
    return [save_drawing(drawing, out) for drawing in islice(drawings(study), first, None, step)]


def _draw_in_processes(study: Study, out: Path, processes: int) -> list[FigureRecord]:
    # a fork has the study already, and matplotlib
    with ProcessPoolExecutor(
        processes, get_context("fork"), initializer=_work, initargs=(study, out, processes)
    ) as pool:
        shares = list(pool.map(_own_share, range(processes)))
    return [record for turn in zip_longest(*shares) for record in turn if record is not None]


def _work(study: Study, out: Path, processes: int) -> None:
    lifeline.exit_with_parent()
    _GIVEN[:] = [(study, out, processes)]


def _own_share(number: int) -> list[FigureRecord]:
    study, out, processes = _GIVEN[0]
    return _draw_share(study, out, number, processes)

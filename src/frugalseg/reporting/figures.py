"""Every figure of one data set, drawn into files."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from frugalseg.reporting.areas import area_drawings
from frugalseg.reporting.bought_maps import bought_drawings
from frugalseg.reporting.budget_figures import budget_drawings
from frugalseg.reporting.calibration import calibration_drawings
from frugalseg.reporting.confusion import confusion_drawings
from frugalseg.reporting.curves import curve_drawings
from frugalseg.reporting.drawing import (
    Drawing,
    FigureRecord,
    remove_figures,
    save_drawing,
    save_records,
)
from frugalseg.reporting.estimates import estimate_drawings
from frugalseg.reporting.gallery import gallery_drawings
from frugalseg.reporting.growth import growth_drawings
from frugalseg.reporting.jaccard import overlap_drawings
from frugalseg.reporting.progress import training_drawings
from frugalseg.reporting.ranking import ranking_drawings
from frugalseg.reporting.reliability import reliability_drawings
from frugalseg.reporting.sheet import sheet_drawings
from frugalseg.reporting.sparkline import sparkline_drawings
from frugalseg.reporting.study import Study


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


def draw_all(study: Study, out: Path) -> list[FigureRecord]:
    """Draw every figure into `out` as PNG, SVG, PDF and the CSV of its data.

    They are listed in `figures.json`; those that an earlier list names are deleted first. The same
    study gives the same bytes.
    """
    out.mkdir(parents=True, exist_ok=True)
    remove_figures(out)
    records = [save_drawing(drawing, out) for drawing in drawings(study)]
    save_records(records, out)
    return records

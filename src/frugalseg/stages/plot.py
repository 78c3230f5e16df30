"""Stage `plot`: every figure of a data set, with the data it shows."""

import shutil
from pathlib import Path
from typing import Any

from frugalseg.reporting.figures.figures import draw_all
from frugalseg.reporting.load.study import load_study


def run(
    prepared: Path, results: Path, out: Path, settings: dict[str, Any], *, threads: int = 1
) -> None:
    """Draw all figures into the folder `out`, which is emptied first."""
    shutil.rmtree(out, ignore_errors=True)
    draw_all(load_study(prepared, results, settings, {}), out, processes=threads)

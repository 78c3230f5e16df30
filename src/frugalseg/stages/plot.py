"""Stage `plot`: every figure of a data set, as files with the data it was drawn from."""

import shutil
from pathlib import Path
from typing import Any

from frugalseg.reporting.figures.figures import draw_all
from frugalseg.reporting.load.study import load_study


def run(
    prepared: Path, results: Path, out: Path, settings: dict[str, Any], *, threads: int = 1
) -> None:
    """Draw all figures into the folder `out`; what an earlier study left there goes."""
    shutil.rmtree(out, ignore_errors=True)
    draw_all(load_study(prepared, results, settings, {}), out, processes=threads)

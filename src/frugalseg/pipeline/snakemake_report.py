"""Snakemake's own report of how everything was made, beside the pages.

It reads the records of jobs, which are complete only after the run, so no rule can write it.
"""

import logging
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.provenance import workflow

REPORT = Path(paths.SNAKEMAKE_REPORT)

log = logging.getLogger(__name__)


def write_snakemake_report(outputs: Iterable[str], config: Sequence[str]) -> None:
    """Write the report if a page is newer; log a warning if that fails.

    Args:
        outputs: the files of the workflow.
        config: options of Snakemake that change the configuration.
    """
    pages = [Path(path) for path in outputs if Path(path).is_relative_to(REPORT.parent)]
    times = [path.stat().st_mtime_ns for path in pages if path.is_file()]
    if not times or (REPORT.is_file() and REPORT.stat().st_mtime_ns >= max(times)):
        return
    partial = REPORT.with_name("provenance.partial.html")
    try:
        workflow.report(partial, config)
        os.replace(partial, REPORT)
    except (FrugalsegError, OSError) as error:
        log.warning("%s was not written: %s", REPORT, error)
    finally:
        partial.unlink(missing_ok=True)

"""Snakemake's own report of where everything comes from, beside the pages.

No rule can make it: it reads the records of jobs, which are there when the run is over.
"""

import logging
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from frugalseg.errors import FrugalsegError
from frugalseg.pipeline import workflow

ANNEX = Path("reports/provenance.html")

log = logging.getLogger(__name__)


def annex(outputs: Iterable[str], config: Sequence[str]) -> None:
    """Write the annex if a page is newer than it; say so if that does not work.

    Args:
        outputs: the files of the workflow.
        config: options of Snakemake that change the configuration.
    """
    pages = [Path(path) for path in outputs if Path(path).is_relative_to(ANNEX.parent)]
    made = [path.stat().st_mtime_ns for path in pages if path.is_file()]
    if not made or (ANNEX.is_file() and ANNEX.stat().st_mtime_ns >= max(made)):
        return
    partial = ANNEX.with_name("provenance.partial.html")
    try:
        workflow.report(partial, config)
        os.replace(partial, ANNEX)
    except (FrugalsegError, OSError) as error:
        log.warning("%s was not written: %s", ANNEX, error)
    finally:
        partial.unlink(missing_ok=True)

"""The end of a successful run: Snakemake's own report, and the answers in a few lines each."""

import logging
import os
import shutil
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json
from frugalseg.provenance import workflow

REPORT = Path(paths.SNAKEMAKE_REPORT)
MAX_COLUMNS = 100
"""Width of a line, also where the width of the terminal is not known."""

log = logging.getLogger(__name__)


def write_snakemake_report(outputs: Iterable[str], config: Sequence[str]) -> None:
    """Write Snakemake's report of how everything was made, if a page is newer than it.

    No rule can write it: it reads the records of all jobs. A failure is logged as a warning.

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


def format_summary(outputs: Iterable[str]) -> str:
    """Return the message at the end of a run that made `outputs`, the files of the workflow.

    The answers are those that stage `report` wrote to `summary.json`.
    """
    width = min(shutil.get_terminal_size((MAX_COLUMNS, 24)).columns, MAX_COLUMNS)
    pattern = paths.SUMMARY.format(dataset="*")
    blocks = [""]
    for path in sorted(Path(output) for output in outputs if Path(output).match(pattern)):
        if path.is_file():
            name, lines = path.parent.name, read_json(path)["lines"]
            wrapped = [textwrap.fill(line, width, subsequent_indent="  ") for line in lines]
            blocks.append("\n".join([f"{name}: {paths.PAGE.format(dataset=name)}", *wrapped]))
    return "\n\n".join([*blocks, f"All reports: {Path(paths.INDEX_PAGE).resolve().as_uri()}"])

"""The end of a run: where the reports lie, and what they say in three lines each."""

import shutil
import textwrap
from collections.abc import Iterable
from pathlib import Path

from frugalseg.core import paths
from frugalseg.core.files import read_json

WIDTH = 100
"""Columns of a line at most, and where the terminal's are not known."""


def format_summary(outputs: Iterable[str]) -> str:
    """Return what there is to say when the outputs, all files of the workflow, are made.

    The answers are those that stage `report` keeps in `summary.json`; nothing is computed here.
    """
    pattern = paths.SUMMARY.format(dataset="*")
    summaries = sorted(Path(path) for path in outputs if Path(path).match(pattern))
    blocks = [_block(path) for path in summaries if path.is_file()]
    where = Path(paths.INDEX_PAGE).resolve().as_uri()
    return "\n\n".join(["", *blocks, f"All reports: {where}"])


def _block(path: Path) -> str:
    width = min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDTH)
    lines = [
        textwrap.fill(line, width, subsequent_indent="  ") for line in read_json(path)["lines"]
    ]
    name = path.parent.name
    return "\n".join([f"{name}: {paths.PAGE.format(dataset=name)}", *lines])

"""The end of a run: where the reports are, and the answers in three lines each."""

import shutil
import textwrap
from collections.abc import Iterable
from pathlib import Path

from frugalseg.core import paths
from frugalseg.core.files import read_json

MAX_COLUMNS = 100
"""Width of a line, also where the width of the terminal is not known."""


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

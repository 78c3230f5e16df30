"""Stage `index`: the page over all data sets."""

from pathlib import Path

from frugalseg.reporting.page.page import load_summary, render_index


def run(summaries: list[Path], out: Path) -> None:
    """Write a page that links to the report of each data set."""
    render_index([load_summary(path) for path in summaries], out)

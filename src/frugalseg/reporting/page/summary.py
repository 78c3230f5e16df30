"""One data set in one line: what the page over all data sets is made of."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from frugalseg.core.errors import FrugalsegError


@dataclass(frozen=True)
class Summary:
    """One data set in one line.

    Attributes:
        href: its page, seen from the folder of the page over all data sets.
        facts: how large the study is, in words.
        answer: the headline of its answer.
        lines: the answer in three lines of plain text, for a terminal.
        chart: the small chart, inline SVG made by this package.
    """

    name: str
    href: str
    facts: str
    answer: str
    lines: tuple[str, ...]
    chart: str


def save_summary(summary: Summary, path: Path) -> None:
    """Write a summary as JSON."""
    text = json.dumps(asdict(summary), indent=1, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", "utf-8")


def load_summary(path: Path) -> Summary:
    """Read a summary.

    Raises:
        FrugalsegError: if it is not there.
    """
    if not path.is_file():
        raise FrugalsegError(f"Expected {path}; render that data set's page first.")
    found = json.loads(path.read_text("utf-8"))
    return Summary(**found | {"lines": tuple(found["lines"])})

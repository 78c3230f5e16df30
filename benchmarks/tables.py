"""Shares with their standard errors, and tables of them in Markdown."""

import math

from frugalseg.statistics.interval import Interval

Row = dict[str, object]


def percent(count: float, of: int) -> str:
    """Return a share and its standard error, in percent."""
    share = count / of
    return f"{100 * share:.1f} ± {100 * math.sqrt(share * (1 - share) / of):.1f}"


def show(title: str, rows: list[Row]) -> None:
    """Print one table in Markdown."""
    columns = list(rows[0])
    print(f"\n### {title}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for row in rows:
        print(f"| {' | '.join(str(row[column]) for column in columns)} |", flush=True)


def holds(interval: Interval, truth: float) -> bool:
    """Return whether the interval holds the truth; a missing one excludes nothing."""
    return not (truth < interval.low or truth > interval.high)

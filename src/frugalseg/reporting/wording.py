"""Names and numbers as people read them."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

import pandas as pd

from frugalseg.core.text import plural as plural
from frugalseg.metrics.metric import LOWER_IS_BETTER, METRICS

_GLYPHS: Mapping[str, str] = {
    "better": "▲",
    "worse": "▼",
    "practically the same": "≈",
    "not worse by the margin": "✔",
    "undecided": "○",
    "cannot be decided with this many seeds": "○",
}


def verdict_glyph(verdict: str) -> str:
    """Return the sign shown beside the words of a verdict."""
    return _GLYPHS.get(verdict, "·")


def metric_label(metric: str) -> str:
    """Return the metric's name in words; an unknown one as it is."""
    return METRICS[metric].label if metric in METRICS else metric.replace("_", " ")


def metric_note(metric: str) -> str:
    """Return what the metric measures and whether lower is better; "" for an unknown metric."""
    note = METRICS[metric].note if metric in METRICS else ""
    return f"{note}; lower is better" if metric in LOWER_IS_BETTER else note


def contrast_name(row: Mapping[Any, Any]) -> str:
    """Return `a against b (metric)` for a row of the contrasts."""
    return f"{row['a']} against {row['b']} ({metric_label(str(row['metric']))})"


def missing(value: object) -> bool:
    """Return whether a cell is None or NaN."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def _dash_if_missing(write: Callable[[float], str]) -> Callable[[Any], str]:
    @wraps(write)
    def written(value: Any) -> str:
        return "–" if missing(value) else write(float(value))

    return written


@_dash_if_missing
def score(value: float) -> str:
    """Write a score with three decimals."""
    return f"{value:.3f}"


def signed(value: float, decimals: int = 3) -> str:
    """Write a difference with its sign; the minus is U+2212, as wide as a plus."""
    return "–" if missing(value) else f"{value:+.{decimals}f}".replace("-", "−")


def interval(low: float, high: float, *, sign: bool = False) -> str:
    """Write an interval as [low, high]; "" where it is undefined."""
    if missing(low) or missing(high):
        return ""
    write = signed if sign else score
    return f"[{write(low)}, {write(high)}]"


def intervals(rows: pd.DataFrame, low: str, high: str) -> list[str]:
    """Write the intervals between two columns of signed numbers."""
    return [interval(*bounds, sign=True) for bounds in zip(rows[low], rows[high], strict=True)]


@_dash_if_missing
def p_value(value: float) -> str:
    """Write a p-value the way journals do."""
    return "<\u00a00.001" if value < 0.001 else f"{value:.3f}"


def p_is(value: float) -> str:
    """Write a p-value for a sentence: `p = 0.012`, `p < 0.001`."""
    text = p_value(value)
    return f"p {text}" if text.startswith("<") else f"p = {text}"


@_dash_if_missing
def percent(share: float) -> str:
    """Write a share as a percentage, with one decimal below 10 %."""
    return f"{share:.0%}" if share >= 0.0995 or share == 0 else f"{share:.1%}"


@_dash_if_missing
def count(number: float) -> str:
    """Write a count, which may be a mean over seeds: 48, 48.4, 12,000."""
    whole = abs(number - round(number)) < 0.05 or abs(number) >= 100
    return f"{number:,.0f}" if whole else f"{number:,.1f}"


def seeds_needed(value: float) -> str:
    """Write a number of seeds; infinity, which no number of seeds reaches, is `none`."""
    return "none" if value == math.inf else count(value)


@_dash_if_missing
def hours(value: float) -> str:
    """Write a number of hours with two digits at least; infinity is a dash."""
    if value == math.inf:
        return "–"
    return f"{value:.2g}" if value < 10 else f"{value:,.0f}"


@_dash_if_missing
def duration(seconds: float) -> str:
    """Write a duration in seconds, minutes or hours."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"


def readable(value: object) -> str:
    """Write a float with four digits, a boolean as yes or no, anything else as it is."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def listed(names: Sequence[str]) -> str:
    """Return `a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def shorten(text: str, length: int = 18) -> str:
    """Cut a long name for a figure; captions and tables have the full name."""
    return text if len(text) <= length else text[: length - 1] + "…"

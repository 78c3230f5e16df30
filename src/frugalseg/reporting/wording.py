"""Names and numbers as people read them."""

import math
from collections.abc import Mapping

from frugalseg.metrics.metric import LOWER_IS_BETTER, METRICS

_GLYPHS: Mapping[str, str] = {
    "shown": "✔",
    "shown not to be worse than the margin": "✔",
    "shown to differ by less than the margin": "✔",
    "the opposite is shown": "✘",
    "not shown": "○",
    "cannot be shown with this many seeds": "○",
}


def verdict_glyph(verdict: str) -> str:
    """Return a sign for the verdict, for the quick look; the words stand beside it."""
    return _GLYPHS.get(verdict, "·")


def metric_label(metric: str) -> str:
    """Return the metric's name in words; an unknown one as it is."""
    return METRICS[metric].label if metric in METRICS else metric.replace("_", " ")


def metric_note(metric: str) -> str:
    """Return what the metric measures and, where less is better, that; "" for an unknown one."""
    note = METRICS[metric].note if metric in METRICS else ""
    return f"{note}; lower is better" if metric in LOWER_IS_BETTER else note


def missing(value: object) -> bool:
    """Return whether a cell holds nothing."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def score(value: object) -> str:
    """Write a score with two decimals more than its first: 0.6123 -> 0.612; nothing -> a dash."""
    return "–" if missing(value) else f"{float(str(value)):.3f}"


def readable(value: object) -> str:
    """Write any number short enough to read; whole ones in full."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def plural(number: int, noun: str) -> str:
    """Return `1 arm`, `2 arms`."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"


def signed(value: float) -> str:
    """Write a difference with its sign; a true minus, so that columns line up."""
    return "–" if missing(value) else f"{value:+.3f}".replace("-", "−")


def interval(low: float, high: float, *, sign: bool = False) -> str:
    """Write an interval as [low, high], or nothing where it is not defined."""
    if missing(low) or missing(high):
        return ""
    write = signed if sign else score
    return f"[{write(low)}, {write(high)}]"


def p_value(value: float) -> str:
    """Write a p-value the way journals do."""
    if missing(value):
        return "–"
    return "<\u00a00.001" if value < 0.001 else f"{value:.3f}"


def p_is(value: float) -> str:
    """Write a p-value with its sign, for a sentence: `p = 0.012`, `p < 0.001`."""
    text = p_value(value)
    return f"p {text}" if text.startswith("<") else f"p = {text}"


def percent(share: float) -> str:
    """Write a share as a percentage: no decimals from 10 % on, one below."""
    if missing(share):
        return "–"
    return f"{share:.0%}" if share >= 0.0995 or share == 0 else f"{share:.1%}"


def count(number: float) -> str:
    """Write a count, averaged over seeds or not: 48, 48.4, 12,000."""
    if missing(number):
        return "–"
    whole = abs(number - round(number)) < 0.05 or abs(number) >= 100
    return f"{number:,.0f}" if whole else f"{number:,.1f}"


def duration(seconds: float) -> str:
    """Write a duration in the unit a person would use."""
    if missing(seconds):
        return "–"
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def shorten(text: str, length: int = 18) -> str:
    """Cut a long name for a figure; the full one stands in the caption and the table."""
    return text if len(text) <= length else text[: length - 1] + "…"

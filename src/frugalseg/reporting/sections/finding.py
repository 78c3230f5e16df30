"""What each planned contrast found, in a sentence as strong as its verdict."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study


@dataclass(frozen=True)
class Sentence:
    """One sentence of the answer; `href` leads to the numbers behind it."""

    text: str
    href: str = ""
    verdict: str = ""
    reason: str = ""


_LATE = {
    "exploratory": " Exploratory: this contrast was added or changed after results existed.",
}


def _claim(row: Mapping[Any, Any]) -> str:
    """Return the claim of a contrast as the words between its arms."""
    margin = f"{float(row.get('margin') or 0):g}"
    return {
        "superior": "is better than" if margin == "0" else f"is better by {margin} than",
        "not_worse": f"comes within {margin} of",
        "equivalent": f"differs by less than {margin} from",
    }.get(str(row.get("claim", "")), "differs from")


def findings(study: Study) -> Iterator[Sentence]:
    """Yield one sentence a contrast, in the order they were planned."""
    for place, row in enumerate(study.contrasts.to_dict("records")):
        yield Sentence(
            text=_finding(row) + _LATE.get(str(row.get("standing")), ""),
            href=f"#contrasts-{place}",
            verdict=str(row.get("verdict", "")),
            reason="" if wording.missing(row.get("reason")) else str(row.get("reason", "")),
        )


def _finding(row: Mapping[Any, Any]) -> str:
    """Return what one contrast found; the words of the verdict carry the strength."""
    a, b, claim = row["a"], row["b"], _claim(row)
    verdict = str(row.get("verdict", ""))
    said = {
        "shown": f"Shown: {a} {claim} {b}",
        "the opposite is shown": f"The opposite is shown: {a} is worse than {b}",
        "shown not to be worse than the margin": f"Shown: {a} {claim} {b}",
        "shown to differ by less than the margin": f"Shown: {a} {claim} {b}",
        "not shown": f"Not shown: that {a} {claim} {b}",
        "cannot be shown with this many seeds": (
            f"Cannot be shown with this many seeds: that {a} {claim} {b}"
        ),
    }.get(verdict, f"{a} against {b}{f' ({verdict})' if verdict else ''}")
    metric = wording.metric_label(str(row["metric"]))
    at = str(row.get("at", "final"))
    where = "" if at == "final" else f" at {wording.percent(float(at))} of the labels"
    if wording.missing(row.get("difference")):
        return f"{said}{where}."
    bounds = wording.interval(row["ci_low"], row["ci_high"], sign=True)
    return f"{said}{where}: {wording.signed(row['difference'])} {bounds}".rstrip() + f" {metric}."

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


def findings(study: Study) -> Iterator[Sentence]:
    """Yield one sentence a contrast, in the order they were planned."""
    for place, row in enumerate(study.contrasts.to_dict("records")):
        late = row.get("standing") == "exploratory"
        yield Sentence(
            text=_finding(row)
            + late * " Exploratory: this contrast was added or changed after results existed.",
            href=f"#contrasts-{place}",
            verdict=str(row.get("verdict", "")),
            reason="" if wording.missing(row.get("reason")) else str(row.get("reason", "")),
        )


def _finding(row: Mapping[Any, Any]) -> str:
    """Return what one contrast found; the words of the verdict carry the strength."""
    a, b, verdict = row["a"], row["b"], str(row.get("verdict", ""))
    margin = f"{float(row.get('margin') or 0):g}"
    words = {
        "superior": "is better than" if margin == "0" else f"is better by {margin} than",
        "not_worse": f"comes within {margin} of",
        "equivalent": f"differs by less than {margin} from",
    }.get(str(row.get("claim", "")), "differs from")
    claim = f"{a} {words} {b}"
    shown = f"Shown: {claim}"
    text = {
        "shown": shown,
        "shown not to be worse than the margin": shown,
        "shown to differ by less than the margin": shown,
        "the opposite is shown": f"The opposite is shown: {a} is worse than {b}",
        "not shown": f"Not shown: that {claim}",
        "cannot be shown with this many seeds": (
            f"Cannot be shown with this many seeds: that {claim}"
        ),
    }.get(verdict, f"{a} against {b}{f' ({verdict})' if verdict else ''}")
    at = str(row.get("at", "final"))
    if at != "final":
        text += f" at {wording.percent(float(at))} of the labels"
    if wording.missing(row.get("difference")):
        return f"{text}."
    bounds = wording.interval(row["ci_low"], row["ci_high"], sign=True)
    difference = f"{wording.signed(row['difference'])} {bounds}".rstrip()
    return f"{text}: {difference} {wording.metric_label(str(row['metric']))}."

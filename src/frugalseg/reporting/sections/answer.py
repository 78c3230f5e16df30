"""The answer: headline and contrasts, as strong as the statistics allow."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import FULL, Study
from frugalseg.reporting.scope import DECIDED, for_new_images, speaks_of, with_new_images
from frugalseg.reporting.sections.advice import DETAILS, Sentence, advise
from frugalseg.reporting.sections.forecast import headline_forecast
from frugalseg.reporting.sections.length import length_warnings
from frugalseg.reporting.sections.reference_masks import reference_cost
from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.contrast import select_pairs
from frugalseg.statistics.interval import t_interval
from frugalseg.statistics.verdict import Verdict

TELLING = (Verdict.BETTER, Verdict.WORSE, Verdict.NOT_WORSE)
MANY_SEEDS = 100
"""More seeds than this are not proposed."""


@dataclass(frozen=True)
class Answer:
    """What the study says: the opening, what weakens it, the contrasts, what to do next.

    The opening is what was reached and, where a curve allows it, what more labels would bring; the
    forecast comes first where no arm shows what all labels bring.

    Attributes:
        note: how sure the first sentence is, and what it does not charge; "" without an arm.
    """

    opening: tuple[Sentence, ...]
    note: str
    warnings: tuple[str, ...]
    findings: tuple[Sentence, ...]
    advice: tuple[Sentence, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The answer in a few lines: headline, warnings, contrasts, what to do first."""
        warnings = [f"Warning: {warning}" for warning in self.warnings]
        following = [f"Next: {advice.text}" for advice in self.advice[:1]]
        contrasts = [finding.text for finding in self.findings]
        opening = [sentence.text for sentence in self.opening]
        note = [self.note] if self.note else []
        return (*opening, *note, *warnings, *contrasts, *following)

    @property
    def headline(self) -> str:
        """The first sentence."""
        return self.opening[0].text

    @property
    def decided(self) -> tuple[Sentence, ...]:
        """The contrasts that are decided, in the order of the plan.

        Differences and claims that hold come before arms that are practically the same.
        """
        decided = (finding for finding in self.findings if finding.verdict in DECIDED)
        return tuple(sorted(decided, key=lambda finding: finding.verdict not in TELLING))


def build_answer(study: Study) -> Answer:
    """Put the study's numbers into sentences."""
    arm = budget_arm(study)
    reached, further = _headline(study, arm), headline_forecast(study)
    opening = [reached, Sentence(further, f"{DETAILS}#forecast")] if further else [reached]
    if not study.points.empty and full_end(study, arm) is None:
        opening.reverse()
    return Answer(
        opening=tuple(opening),
        note=_how_sure(study, arm),
        warnings=tuple(length_warnings(study)),
        findings=tuple(findings(study)),
        advice=tuple(advise(study, arm)),
    )


def budget_arm(study: Study) -> str | None:
    """Return the arm with fewer labels that the headline speaks of; None without one.

    The plan names it: it is the first that is compared with an arm of all labels, or else the first
    with fewer. The best mean of many arms would owe a part of its lead to chance.
    """
    ends = set(study.points["arm"]) - set(study.full_arms)
    planned = [
        str(row["a"])
        for row in study.contrasts.to_dict("records")
        if row["a"] in ends and row["b"] in study.full_arms
    ]
    return next((arm for arm in (*planned, *study.arms) if arm in ends), None)


def _headline(study: Study, arm: str | None) -> Sentence:
    points = study.points
    if points.empty:
        return Sentence(f"No arm of {study.name} has a score in {study.metric_label} to report.")
    end = points[points["arm"] == (arm or points["arm"].iloc[0])].iloc[-1]
    value = f"{study.metric_label} {wording.score(end['mean'])}"
    text = f"With {_budget(study, end) if arm else 'every label'}, {end['arm']} reaches {value}"
    if arm is None:
        nothing = "no arm with fewer labels was run, so nothing can be said about saving any."
        return Sentence(f"{text}; {nothing}", f"{DETAILS}#cost")
    others = _with_fewer(points, end) if end["fraction"] >= FULL else _beside_full(study, end)
    return Sentence(f"{text}{others}.", f"{DETAILS}#cost")


def full_end(study: Study, arm: str | None) -> pd.Series | None:
    """Return the last point of the arm with every label; None without one.

    Also None if `arm` has every label in the end: another arm then shows no other budget.
    """
    points = study.points[study.points["arm"].isin(study.full_arms[:1])]
    own = study.points.loc[study.points["arm"] == arm, "fraction"]
    return None if points.empty or (own >= FULL).any() else points.iloc[-1]


def _beside_full(study: Study, end: pd.Series) -> str:
    """Say what every label reaches, and how much of that `end` is; "" where it is not known."""
    full, mean = full_end(study, str(end["arm"])), float(end["mean"])
    if full is None:
        return ""
    time = "" if wording.missing(full.get("seconds")) else wording.duration(full["seconds"])
    reached = f"{full['arm']} reaches with every label{f' ({time})' if time else ''}"
    score = wording.score(full["mean"])
    if study.lower_is_better or full["mean"] <= 0:
        return f", beside the {score} that {reached}"
    return f", {mean / full['mean']:.0%} of the {score} that {reached}"


def _with_fewer(points: pd.DataFrame, end: pd.Series) -> str:
    """Say what an arm that ends with every label reached with its two budgets before."""
    own = points[(points["arm"] == end["arm"]) & (points["fraction"] < end["fraction"])]
    parts = [
        f"with {wording.percent(point['fraction'])} of them {wording.score(point['mean'])}"
        for _, point in own.iloc[:-3:-1].iterrows()
    ]
    return f"; {', '.join(parts)}" if parts else ""


def _how_sure(study: Study, arm: str | None) -> str:
    """Return the intervals of the first sentence, what they speak of, and what is not charged."""
    ends = study.points[study.points["arm"] == arm]
    if ends.empty:
        return ""
    end = ends.iloc[-1]
    interval = wording.interval(end["ci_low"], end["ci_high"])
    reached = f"{arm}: {wording.score(end['mean'])} {interval}." if interval else ""
    scope = f"Intervals are for {speaks_of(study)}." if interval else ""
    parts = [reached, _given_up(study, str(arm)), reference_cost(study), scope]
    return " ".join(filter(None, parts))


def _budget(study: Study, point: pd.Series) -> str:
    # The share is of the training labels; images and time include the validation labels.
    validation = "part" in study.labels and bool((study.labels["part"] == "val").any())
    images = f"{wording.count(point['images'])} images"
    parts = [f"{images} with those for validation" if validation else images]
    if not wording.missing(point.get("seconds")) and float(point["seconds"]) > 0:
        time = f"about {wording.duration(point['seconds'])} of annotation"
        if not point["images"]:  # tags and drawings
            return f"no mask ({time})"
        parts.append(time)
    fraction = point["fraction"]
    share = "all" if fraction >= FULL else f"{wording.percent(fraction)} of the"
    return f"{share} training labels ({', '.join(parts)})"


def _given_up(study: Study, arm: str) -> str:
    """Say what an arm gives up against every label; "" where that is not known."""
    full = full_end(study, arm)
    if full is None:
        return ""
    mean, low, high = _difference(study, arm, str(full["arm"]))
    if np.isnan(mean):
        return ""
    sign = 1 if study.lower_is_better else -1
    lost, most = sign * mean, max(sign * low, sign * high)
    loss = wording.score(lost) if lost > 0 else "nothing on average"
    bound = "" if np.isnan(most) else f", at most {wording.score(max(most, 0.0))}"
    sure = f" ({study.confidence} interval)" if bound else ""
    return f"Against {full['arm']} it gives up {loss}{bound}{sure}."


def _difference(study: Study, arm: str, full: str) -> tuple[float, float, float]:
    """Return mean and interval of arm minus full, those of the planned contrast if there is one."""
    for row in study.contrasts.to_dict("records"):
        names = (row["a"], row["b"], row["metric"], str(row["at"]))
        if names == (arm, full, study.metric, "final"):
            return float(row["difference"]), float(row["ci_low"]), float(row["ci_high"])
    differences = select_pairs(
        study.scores, ContrastParams(a=arm, b=full, metric=study.metric)
    ).differences
    if not differences.size:
        return np.nan, np.nan, np.nan
    return float(differences.mean()), *t_interval(differences)


def findings(study: Study) -> Iterator[Sentence]:
    """Yield one sentence a contrast, in the order they were planned."""
    for place, row in enumerate(with_new_images(study).to_dict("records")):
        reordered = not wording.missing(row.get("order_changed", np.nan)) and row["order_changed"]
        late = "how the contrasts are tested was" if reordered else "this contrast was added or"
        exploratory = f" Exploratory: {late} changed after results existed."
        lead, numbers = _finding(row)
        yield Sentence(
            text=lead
            + numbers
            + _further_seeds(study, row)
            + (row.get("standing") == "exploratory") * exploratory,
            lead=lead,
            href=f"{DETAILS}#contrasts-{place}",
            verdict=str(row.get("verdict", "")),
            reason="" if wording.missing(row.get("reason")) else str(row.get("reason", "")),
        )


def _finding(row: Mapping[Any, Any]) -> tuple[str, str]:
    """Return what one contrast found, and its numbers; the verdict's words carry the strength."""
    a, b, verdict = row["a"], row["b"], str(row.get("verdict", ""))
    margin = f"{float(row.get('margin') or 0):g}"
    open_question = {
        "not_worse": f"whether {a} is worse than {b} by {margin} or more",
        "equivalent": f"whether {a} and {b} differ by {margin} or more",
    }.get(str(row.get("claim", "")), f"which of {a} and {b} is better")
    text = {
        "better": f"{a} is better than {b}",
        "worse": f"{a} is worse than {b}",
        "practically the same": f"{a} is practically the same as {b}, within {margin}",
        "not worse by the margin": f"{a} is not worse than {b} by {margin} or more",
        "undecided": f"Undecided: {open_question}",
        "cannot be decided with this many seeds": (
            f"Cannot be decided with this many seeds: {open_question}"
        ),
    }.get(verdict, f"{a} against {b}{f' ({verdict})' if verdict else ''}")
    at = str(row.get("at", "final"))
    if at != "final":
        text += f" at {wording.percent(float(at))} of the labels"
    if wording.missing(row.get("difference")):
        return text, "."
    bounds = wording.interval(row["ci_low"], row["ci_high"], sign=True)
    difference = f"{wording.signed(row['difference'])} {bounds}".rstrip()
    label = wording.metric_label(str(row["metric"]))
    return text, f": {difference} {label}{for_new_images(row)}"


def _further_seeds(study: Study, row: Mapping[Any, Any]) -> str:
    """Say how many seeds would decide an undecided contrast; "" where that is not known."""
    needed, n = row.get("seeds_for_80"), row.get("n")
    if row.get("verdict") != Verdict.UNDECIDED or wording.missing(needed) or wording.missing(n):
        return ""
    more = float(str(needed)) - float(str(n))
    if more <= 0:
        return ""
    if float(str(needed)) > MANY_SEEDS:
        return f" More than {MANY_SEEDS} seeds would be needed: change the labels or the arms."
    hours = more * _core_hours(study, (str(row["a"]), str(row["b"])))
    cost = f" ({wording.hours(hours)} core-hours)" if hours else ""
    return f" About {wording.plural(round(more), 'more seed')}{cost} would decide it 4 times in 5."


def _core_hours(study: Study, arms: Iterable[str]) -> float:
    """Return the core-hours of a seed of some arms and those that they start from."""
    costs = study.table("costs")
    needed = {one for arm in arms for one in study.lineage(arm)}
    return float(costs.loc[costs["arm"].isin(needed), "core_hours"].sum()) if len(costs) else 0.0

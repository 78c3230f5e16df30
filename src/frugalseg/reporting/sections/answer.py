"""The answer: sentences built from the numbers, as strong as the statistics allow."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from frugalseg.metrics.metric import LOWER_IS_BETTER
from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.advice import advise
from frugalseg.reporting.sections.finding import Sentence, findings
from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.contrast import select_pairs
from frugalseg.statistics.interval import t_interval


@dataclass(frozen=True)
class Answer:
    """What the study says: the headline, the contrasts, what to do next."""

    headline: Sentence
    context: tuple[Sentence, ...]
    findings: tuple[Sentence, ...]
    advice: tuple[Sentence, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The answer in three lines: the headline, the first contrast, what to do first."""
        compared = self.findings[:1] or self.context[:1]
        following = [f"Next: {advice.text}" for advice in self.advice[:1]]
        return (self.headline.text, *(sentence.text for sentence in compared), *following)


def build_answer(study: Study) -> Answer:
    """Put the study's numbers into sentences."""
    ends = _ends(study)
    return Answer(
        headline=_headline(study, ends),
        context=tuple(_context(study, ends)),
        findings=tuple(findings(study)),
        advice=tuple(advise(study, ends)),
    )


def _ends(study: Study) -> pd.DataFrame:
    """Return the last point of every arm that was not given all labels, best first."""
    ends = study.points.groupby("arm").tail(1)
    lower = study.metric in LOWER_IS_BETTER
    return ends[~ends["arm"].isin(study.full_arms)].sort_values("mean", ascending=lower)


def _headline(study: Study, ends: pd.DataFrame) -> Sentence:
    metric = wording.metric_label(study.metric)
    if ends.empty:
        return _full_only(study, metric)
    best = ends.iloc[0]
    interval = wording.interval(best["ci_low"], best["ci_high"])
    value = f"{metric} {wording.score(best['mean'])} {interval}".rstrip()
    text = f"With {_budget(study, best)}, {best['arm']} reaches {value}"
    return Sentence(f"{text}{_beside_full(study, best)}.", "#cost")


def _full_only(study: Study, metric: str) -> Sentence:
    points = study.points
    if points.empty:
        return Sentence(f"No arm of {study.name} has a score in {metric} that could be reported.")
    lower = study.metric in LOWER_IS_BETTER
    best = points.sort_values("mean", ascending=lower).iloc[0]
    return Sentence(
        f"With every label, {best['arm']} reaches {metric} {wording.score(best['mean'])} "
        f"{wording.interval(best['ci_low'], best['ci_high'])}. "
        "No arm with fewer labels was run, so nothing can be said about saving any.",
        "#cost",
    )


def _budget(study: Study, point: pd.Series) -> str:
    share = wording.percent(float(point["fraction"]))
    # The share is of the training labels; images and time are all that was paid for.
    validation = "part" in study.labels and bool((study.labels["part"] == "val").any())
    images = f"{wording.count(float(point['images']))} images"
    parts = [f"{images} with those for validation" if validation else images]
    if not wording.missing(point.get("seconds")) and float(point["seconds"]) > 0:
        parts.append(f"about {wording.duration(float(point['seconds']))} of annotation")
    return f"{share} of the training labels ({', '.join(parts)})"


def _beside_full(study: Study, point: pd.Series) -> str:
    if not study.full_arms or study.metric in LOWER_IS_BETTER:
        return ""
    full = study.full_arms[0]
    pairs = select_pairs(
        study.scores, ContrastParams(a=str(point["arm"]), b=full, metric=study.metric)
    )
    if not len(pairs.a) or (pairs.b <= 0).any():
        return ""
    ratios = pairs.a / pairs.b
    low, high = t_interval(ratios)
    bounds = "" if np.isnan(low) else f" [{low * 100:.0f}, {high * 100:.0f}]"
    mean = wording.score(float(pairs.b.mean()))
    return f", {ratios.mean():.0%}{bounds} of what {full} reaches with every label ({mean})"


def _context(study: Study, ends: pd.DataFrame) -> Iterator[Sentence]:
    """Say what the headline is not, and how few labels came near the ceiling."""
    if len(ends) > 1:
        yield Sentence(
            f"That is the best mean of the {len(ends)} arms with fewer labels; which "
            "differences between arms are real is said below."
        )
    reached = _reached(study)
    if reached is not None:
        yield reached


def _reached(study: Study) -> Sentence | None:
    """Say which arm came near the ceiling with the fewest labels."""
    goal = float(study.option("goal", 0.95))
    points = study.points
    full = points[points["arm"].isin(study.full_arms[:1])]
    metric = wording.metric_label(study.metric)
    if study.metric in LOWER_IS_BETTER or full.empty or float(full["mean"].iloc[0]) <= 0:
        return None
    target = goal * float(full["mean"].iloc[0])
    budget = points[~points["arm"].isin(study.full_arms)]
    near = budget[budget["mean"] >= target].sort_values(["images", "mean"], ascending=[True, False])
    named = f"{goal:.0%} of {study.full_arms[0]}’s mean {metric} ({wording.score(target)})"
    if near.empty:
        return Sentence(f"No arm reached {named} with the labels it was given.", "#cost")
    first = near.iloc[0]
    return Sentence(
        f"The fewest labels whose mean reached {named}: {_budget(study, first)}, "
        f"by {first['arm']}.",
        "#cost",
    )

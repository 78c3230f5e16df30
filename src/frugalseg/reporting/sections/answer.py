"""The answer: sentences built from the numbers, as strong as the statistics allow."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.advice import advise
from frugalseg.reporting.sections.finding import Sentence, findings
from frugalseg.statistics.contrast import Contrast, select_pairs
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
    points = study.points.sort_values("mean", ascending=study.lower_is_better)
    last = points["round"] == points.groupby("arm")["round"].transform("max")
    ends = points[last & ~points["arm"].isin(study.full_arms)]
    return Answer(
        headline=_headline(study, ends) if len(ends) else _full_only(study, points),
        context=tuple(_context(study, ends)),
        findings=tuple(findings(study)),
        advice=tuple(advise(study, ends)),
    )


def _headline(study: Study, ends: pd.DataFrame) -> Sentence:
    best = ends.iloc[0]
    text = f"With {_budget(study, best)}, {best['arm']} reaches {_value(study, best)}"
    return Sentence(f"{text}{_beside_full(study, best)}.", "#cost")


def _full_only(study: Study, points: pd.DataFrame) -> Sentence:
    if points.empty:
        return Sentence(f"No arm of {study.name} has a score in {study.metric_label} to report.")
    best = points.iloc[0]
    return Sentence(
        f"With every label, {best['arm']} reaches {_value(study, best)}. "
        "No arm with fewer labels was run, so nothing can be said about saving any.",
        "#cost",
    )


def _value(study: Study, point: pd.Series) -> str:
    interval = wording.interval(point["ci_low"], point["ci_high"])
    return f"{study.metric_label} {wording.score(point['mean'])} {interval}".rstrip()


def _budget(study: Study, point: pd.Series) -> str:
    # The share is of the training labels; images and time include the validation labels.
    validation = "part" in study.labels and bool((study.labels["part"] == "val").any())
    images = f"{wording.count(point['images'])} images"
    parts = [f"{images} with those for validation" if validation else images]
    if not wording.missing(point.get("seconds")) and float(point["seconds"]) > 0:
        parts.append(f"about {wording.duration(point['seconds'])} of annotation")
    return f"{wording.percent(point['fraction'])} of the training labels ({', '.join(parts)})"


def _beside_full(study: Study, point: pd.Series) -> str:
    if not study.full_arms or study.lower_is_better:
        return ""
    full = study.full_arms[0]
    pairs = select_pairs(study.scores, Contrast(str(point["arm"]), full, study.metric))
    if not len(pairs.a) or (pairs.b <= 0).any():
        return ""
    ratios = pairs.a / pairs.b
    low, high = t_interval(ratios)
    bounds = "" if np.isnan(low) else f" [{low * 100:.0f}, {high * 100:.0f}]"
    mean = wording.score(pairs.b.mean())
    return f", {ratios.mean():.0%}{bounds} of what {full} reaches with every label ({mean})"


def _context(study: Study, ends: pd.DataFrame) -> Iterator[Sentence]:
    """Yield what the headline leaves open, and how few labels came near the ceiling."""
    if len(ends) > 1:
        yield Sentence(
            f"That is the best mean of the {len(ends)} arms with fewer labels; the contrasts below "
            "say which differences between arms are real."
        )
    points = study.points
    full = points[points["arm"].isin(study.full_arms[:1])]
    if study.lower_is_better or full.empty or float(full["mean"].iloc[0]) <= 0:
        return
    target = study.goal * float(full["mean"].iloc[0])
    near = points[~points["arm"].isin(study.full_arms) & (points["mean"] >= target)]
    name = (
        f"{study.goal:.0%} of {study.full_arms[0]}’s mean {study.metric_label} "
        f"({wording.score(target)})"
    )
    if near.empty:
        yield Sentence(f"No arm reached {name} with the labels it was given.", "#cost")
    else:
        first = near.sort_values(["images", "mean"], ascending=[True, False]).iloc[0]
        yield Sentence(
            f"The fewest labels whose mean reached {name}: {_budget(study, first)}, "
            f"by {first['arm']}.",
            "#cost",
        )

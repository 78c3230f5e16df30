"""The answer: headline, contrasts and advice, as strong as the statistics allow."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.scope import for_new_images, speaks_of, with_new_images
from frugalseg.reporting.sections.forecast import headline_forecast
from frugalseg.reporting.sections.length import length_warnings
from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.contrast import select_pairs
from frugalseg.statistics.interval import t_interval

RISING = 0.01
"""A curve that gained more than this with its last labels is called still rising."""
MANY_SEEDS = 100
"""More seeds than this are not recommended."""
FEW_SEEDS = 3
"""With fewer seeds than this the first advice is to run more."""


@dataclass(frozen=True)
class Sentence:
    """One sentence of the answer; `href` leads to the numbers behind it."""

    text: str
    href: str = ""
    verdict: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Answer:
    """What the study says: the headline, what weakens it, the contrasts, what to do next."""

    headline: Sentence
    warnings: tuple[str, ...]
    context: tuple[Sentence, ...]
    findings: tuple[Sentence, ...]
    advice: tuple[Sentence, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The answer in a few lines: headline, warnings, first contrast, what to do first."""
        compared = self.findings[:1] or self.context[:1]
        following = [f"Next: {advice.text}" for advice in self.advice[:1]]
        warnings = [f"Warning: {warning}" for warning in self.warnings]
        return (
            self.headline.text,
            *warnings,
            *(sentence.text for sentence in compared),
            *following,
        )


def build_answer(study: Study) -> Answer:
    """Put the study's numbers into sentences."""
    points = study.points.sort_values("mean", ascending=study.lower_is_better)
    last = points["round"] == points.groupby("arm")["round"].transform("max")
    ends = points[last & ~points["arm"].isin(study.full_arms)]
    return Answer(
        headline=_with_forecast(study, _headline(study, points, ends)),
        warnings=tuple(length_warnings(study)),
        context=tuple(_context(study, ends)),
        findings=tuple(findings(study)),
        advice=tuple(advise(study, ends)),
    )


def _with_forecast(study: Study, headline: Sentence) -> Sentence:
    return replace(headline, text=f"{headline_forecast(study)} {headline.text}".lstrip())


def _headline(study: Study, points: pd.DataFrame, ends: pd.DataFrame) -> Sentence:
    if points.empty:
        return Sentence(f"No arm of {study.name} has a score in {study.metric_label} to report.")
    best = (ends if len(ends) else points).iloc[0]
    interval = wording.interval(best["ci_low"], best["ci_high"])
    value = f"{study.metric_label} {wording.score(best['mean'])} {interval}".rstrip()
    budget = _budget(study, best) if len(ends) else "every label"
    text = f"With {budget}, {best['arm']} reaches {value}"
    if len(ends):
        scope = f" Intervals are for {speaks_of(study)}." if interval else ""
        return Sentence(f"{text}{_beside_full(study, best)}.{scope}", "#cost")
    nothing = "No arm with fewer labels was run, so nothing can be said about saving any."
    return Sentence(f"{text}. {nothing}", "#cost")


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
    pairs = select_pairs(
        study.scores, ContrastParams(a=str(point["arm"]), b=full, metric=study.metric)
    )
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


def findings(study: Study) -> Iterator[Sentence]:
    """Yield one sentence a contrast, in the order they were planned."""
    for place, row in enumerate(with_new_images(study).to_dict("records")):
        reordered = not wording.missing(row.get("order_changed", np.nan)) and row["order_changed"]
        late = "how the contrasts are tested was" if reordered else "this contrast was added or"
        exploratory = f" Exploratory: {late} changed after results existed."
        yield Sentence(
            text=_finding(row) + (row.get("standing") == "exploratory") * exploratory,
            href=f"#contrasts-{place}",
            verdict=str(row.get("verdict", "")),
            reason="" if wording.missing(row.get("reason")) else str(row.get("reason", "")),
        )


def _finding(row: Mapping[Any, Any]) -> str:
    """Return what one contrast found; the words of the verdict carry the strength."""
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
        return f"{text}."
    bounds = wording.interval(row["ci_low"], row["ci_high"], sign=True)
    difference = f"{wording.signed(row['difference'])} {bounds}".rstrip()
    label = wording.metric_label(str(row["metric"]))
    return f"{text}: {difference} {label}{for_new_images(row)}"


def advise(study: Study, ends: pd.DataFrame) -> Iterator[Sentence]:
    """Yield what to do next.

    Args:
        ends: the last point of every arm with fewer than all labels, best first.
    """
    if len(study.seeds) < FEW_SEEDS:
        yield Sentence(
            f"Run more seeds: {wording.plural(len(study.seeds), 'seed')} cannot show how much the "
            "scores vary. Set seeds in params.yaml to 5 or more; existing results are kept."
        )
    for best in ends["arm"].head(1).astype(str):
        yield from _which_arm(study, best)
        yield from _label_on(study, best)
    yield from _seeds_to_run(study)
    if not len(study.contrasts):
        yield Sentence(
            "No contrast was planned, so no difference between arms is claimed. Plan the ones "
            "that matter under contrasts in params.yaml before the next run."
        )


def _seeds_to_run(study: Study) -> Iterator[Sentence]:
    """Yield which contrasts more seeds would settle, one by one, and which they would not."""
    hopeless = []
    for place, row in enumerate(study.contrasts.to_dict("records")):
        seeds, n = row.get("seeds_for_80"), row.get("n")
        if str(row.get("verdict")) != "undecided" or wording.missing(seeds) or n is None:
            continue
        needed = float(str(seeds))
        if MANY_SEEDS < needed < np.inf:
            hopeless.append(f"{row['a']} against {row['b']} (about {needed:,.0f})")
        elif float(n) < needed < np.inf:
            yield Sentence(
                f"To settle {wording.contrast_name(row)}, plan about {needed:.0f} seeds (there are "
                f"{int(n)}): that many decide it 4 times in 5, if the true difference is the one "
                "seen now.",
                f"#contrasts-{place}",
            )
    if hopeless:
        yield Sentence(
            "Do not run more seeds for contrasts this close: too many would settle "
            f"{wording.listed(hopeless)}. More labels, or another arm, change more.",
            "#evidence-plans" if len(study.table("plans")) else "#comparisons",
        )


def _which_arm(study: Study, arm: str) -> Iterator[Sentence]:
    """Yield which arm to go on with, as strongly as the contrasts allow."""
    rows = study.contrasts
    if not {"metric", "verdict", "claim", "difference"} <= set(rows):
        return
    rows = rows[(rows["metric"] == study.metric) & ~rows["a"].isin(study.full_arms)]
    if rows.empty:
        return
    won = rows[rows["verdict"] == "better"]
    beaten = [str(b) for b in won.loc[won["a"] == arm, "b"]]
    if beaten:
        yield Sentence(f"Go on with {arm}: it is shown to be better than {wording.listed(beaten)}.")
    elif len(won):
        first = won.sort_values("difference", ascending=study.lower_is_better).iloc[0]
        yield Sentence(
            f"Go on with {first['a']}, which is shown to be better than {first['b']}; {arm} has "
            "the best mean but is not shown to be better than the arm it was planned against."
        )
    else:
        yield Sentence(
            f"Choose the arm that is easiest to run: {arm} has the best mean, but no way of "
            "choosing labels or of learning is shown to be better than the one it was planned "
            "against."
        )


def _label_on(study: Study, arm: str) -> Iterator[Sentence]:
    rounds: list[pd.DataFrame] = []  # that led to the arm's last one, from the first labels on
    start: str | None = arm
    while start is not None:
        rounds.insert(0, study.points[study.points["arm"] == start])
        start = study.start(start)
    path = pd.concat(rounds)
    path = path[path["images"].diff().fillna(1) > 0]
    if len(path) < 2:
        return
    first, last = path.iloc[-2], path.iloc[-1]
    gain = float(last["mean"] - first["mean"])
    step = (
        f"from {wording.count(first['images'])} to {wording.count(last['images'])} labeled images "
        f"{study.metric_label} changed by {wording.signed(gain)}"
    )
    if (-gain if study.lower_is_better else gain) > RISING:
        yield Sentence(f"Label on with {last['arm']}: its curve still rises ({step}).", "#cost")
    else:
        yield Sentence(
            f"More labels chosen by {last['arm']} brought little at the end ({step}): look at the "
            "mistakes below before labeling more.",
            "#samples",
        )

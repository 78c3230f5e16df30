"""The verdict on a claim, and the reason for it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.paired import smallest_rank_p


class Verdict(StrEnum):
    """The only verdicts on a contrast."""

    SHOWN = "shown"
    OPPOSITE = "the opposite is shown"
    NOT_WORSE = "shown not to be worse than the margin"
    EQUIVALENT = "shown to differ by less than the margin"
    NOT_SHOWN = "not shown"
    CANNOT = "cannot be shown with this many seeds"


@dataclass(frozen=True)
class Evidence:
    """What a verdict rests on.

    Attributes:
        n: paired seeds.
        mean: mean improvement of a over b, in units of the metric.
        constant: every seed gives the same difference.
        p: p-value of the claim, adjusted over the planned contrasts; NaN if it was not tested.
        family: number of planned contrasts.
        alpha: error rate of the family of claims.
        detectable, seeds_for_80: see `claim.py`.
        missing: sentences about the pairs that are missing.
    """

    n: int
    mean: float
    constant: bool
    p: float
    family: int
    alpha: float
    detectable: float
    seeds_for_80: float
    missing: Sequence[str] = ()


def judge(contrast: ContrastParams, evidence: Evidence) -> tuple[Verdict, str]:
    """Return the verdict on the claim of `contrast`, and one or more sentences why."""
    smallest = smallest_rank_p(evidence.n, sides=2 if contrast.claim == "superior" else 1)
    verdict = _verdict(contrast, evidence, smallest)
    reason = _reason(verdict, contrast, evidence, smallest)
    if evidence.missing:
        reason += f" Left out: {'; '.join(evidence.missing)}."
    return verdict, reason


def _verdict(contrast: ContrastParams, evidence: Evidence, smallest: float) -> Verdict:
    """Return the verdict; `smallest` is the smallest p that sign flips can give."""
    if evidence.n < 2:
        return Verdict.CANNOT
    holds_as_observed = {
        "superior": evidence.mean > contrast.margin,
        "not_worse": evidence.mean > -contrast.margin,
        "equivalent": abs(evidence.mean) < contrast.margin,
    }[contrast.claim]
    if not evidence.p <= evidence.alpha:
        too_few = evidence.constant and smallest * evidence.family > evidence.alpha
        return Verdict.CANNOT if too_few and holds_as_observed else Verdict.NOT_SHOWN
    if contrast.claim == "not_worse":
        return Verdict.NOT_WORSE
    if contrast.claim == "equivalent":
        return Verdict.EQUIVALENT
    if holds_as_observed:
        return Verdict.SHOWN
    # Less than a margin better is not worse: only below zero is the opposite claim the true one.
    return Verdict.OPPOSITE if contrast.margin == 0 else Verdict.NOT_SHOWN


def _reason(verdict: Verdict, contrast: ContrastParams, evidence: Evidence, smallest: float) -> str:
    n, p = evidence.n, f"p = {evidence.p:.2g} after Holm over {evidence.family} planned"
    seeds = f"{n} paired seed{'' if n == 1 else 's'}"
    if n < 2:
        return f"There {'is' if n == 1 else 'are'} {seeds}; two are the least."
    if evidence.constant:
        same = "The arms are equal" if evidence.mean == 0 else "The difference is the same"
        return (
            f"{same} in every seed, so there is no spread for a t-test. Sign flips give {p}; with "
            f"{n} seeds they cannot fall below {smallest:.2g} before it."
        )
    if verdict not in (Verdict.NOT_SHOWN, Verdict.CANNOT):
        return f"{p}, {seeds}."
    detectable = f"a margin of {evidence.detectable:.2g} could be kept 4 times in 5 by an equal arm"
    if contrast.claim == "superior":
        detectable = f"a true difference of {evidence.detectable:.2g} would be shown 4 times in 5"
    hopeless = math.isinf(evidence.seeds_for_80)
    needed = "no number of" if hopeless else f"about {evidence.seeds_for_80:.0f}"
    claim = f"{needed} seeds would show the claim if the observed difference is true"
    text = f"{p}. With {seeds} {detectable}; {claim}."
    if smallest_rank_p(n) > evidence.alpha:
        text += (
            f" Rank tests cannot decide here: their smallest p with {n} seeds is "
            f"{smallest_rank_p(n):.2g}."
        )
    return text

"""The words of a claim, and the reason for them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from frugalseg.statistics.claim import smallest_flip_p
from frugalseg.statistics.contrast import Contrast
from frugalseg.statistics.paired import smallest_rank_p


class Word(StrEnum):
    """The only things that are said of a contrast."""

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
        missing: sentences about the pairs that are not there.
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


def judge(contrast: Contrast, evidence: Evidence) -> tuple[Word, str]:
    """Return the word for the claim of `contrast`, and one or more sentences why."""
    word = _word(contrast, evidence)
    reasons = [_reason(word, contrast, evidence)]
    if evidence.missing:
        reasons.append(f"Left out: {'; '.join(evidence.missing)}.")
    return word, " ".join(reasons)


def _word(contrast: Contrast, evidence: Evidence) -> Word:
    if evidence.n < 2:
        return Word.CANNOT
    if not evidence.p <= evidence.alpha:
        hopeless = _flips_too_few(contrast, evidence) and _holds_as_seen(contrast, evidence)
        return Word.CANNOT if hopeless else Word.NOT_SHOWN
    if contrast.claim == "not_worse":
        return Word.NOT_WORSE
    if contrast.claim == "equivalent":
        return Word.EQUIVALENT
    if evidence.mean > contrast.margin:
        return Word.SHOWN
    # Less than a margin better is not worse: only below zero is the opposite claim the true one.
    return Word.OPPOSITE if contrast.margin == 0 else Word.NOT_SHOWN


def _flips_too_few(contrast: Contrast, evidence: Evidence) -> bool:
    smallest = smallest_flip_p(evidence.n, contrast.claim)
    return evidence.constant and smallest * evidence.family > evidence.alpha


def _holds_as_seen(contrast: Contrast, evidence: Evidence) -> bool:
    """Return whether the claim is true of the very seeds at hand."""
    if contrast.claim == "superior":
        return evidence.mean > contrast.margin
    if contrast.claim == "not_worse":
        return evidence.mean > -contrast.margin
    return abs(evidence.mean) < contrast.margin


def _reason(word: Word, contrast: Contrast, evidence: Evidence) -> str:
    seeds = f"{evidence.n} paired seed{'' if evidence.n == 1 else 's'}"
    if evidence.n < 2:
        return f"There {'is' if evidence.n == 1 else 'are'} {seeds}; two are the least."
    if evidence.constant:
        return _constant_reason(contrast, evidence)
    p = f"p = {evidence.p:.2g} after Holm over {evidence.family} planned"
    if word not in (Word.NOT_SHOWN, Word.CANNOT):
        return f"{p}, {seeds}."
    parts = [f"{p}. With {seeds} {_reach(contrast, evidence)}"]
    if math.isinf(evidence.seeds_for_80):
        parts.append("no number of seeds would show the claim if the observed difference is true")
    else:
        needed = f"about {evidence.seeds_for_80:.0f} seeds would show the claim"
        parts.append(f"{needed} if the observed difference is true")
    text = "; ".join(parts) + "."
    if smallest_rank_p(evidence.n) > evidence.alpha:
        text += (
            f" Rank tests cannot decide here: their smallest p with {evidence.n} seeds is "
            f"{smallest_rank_p(evidence.n):.2g}."
        )
    return text


def _reach(contrast: Contrast, evidence: Evidence) -> str:
    if contrast.claim == "superior":
        return f"a true difference of {evidence.detectable:.2g} would be shown 4 times in 5"
    return f"a margin of {evidence.detectable:.2g} could be kept 4 times in 5 by an equal arm"


def _constant_reason(contrast: Contrast, evidence: Evidence) -> str:
    same = "The arms are equal" if evidence.mean == 0 else "The difference is the same"
    smallest = smallest_flip_p(evidence.n, contrast.claim)
    return (
        f"{same} in every seed, so there is no spread for a t-test. Sign flips give p = "
        f"{evidence.p:.2g} after Holm over {evidence.family} planned; with {evidence.n} seeds they "
        f"cannot fall below {smallest:.2g} before it."
    )

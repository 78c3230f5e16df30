"""The verdict on a contrast, and the reason for it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from frugalseg.core.text import plural
from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.paired import smallest_rank_p
from frugalseg.statistics.sequential.looks import Looks


class Verdict(StrEnum):
    """The only verdicts on a contrast."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "practically the same"
    NOT_WORSE = "not worse by the margin"
    UNDECIDED = "undecided"
    CANNOT = "cannot be decided with this many seeds"


@dataclass(frozen=True)
class Sameness:
    """What "practically the same" rests on, for a claim `superior` with a margin.

    Attributes:
        p: of `claim.same_p`, adjusted by Holm over all such margins; NaN if it was not tested.
        family: number of such margins.
        detectable: smallest margin that equal arms would keep 4 times in 5.
    """

    p: float
    family: int
    detectable: float


@dataclass(frozen=True)
class Evidence:
    """What a verdict rests on.

    Attributes:
        n: paired seeds.
        mean: mean improvement of a over b, in units of the metric.
        constant: every seed gives the same difference.
        p: p-value of the claim, adjusted over the planned contrasts; NaN if it was not tested.
        adjustment: by what, such as "after Holm over 9 planned".
        level: see `order.planning_levels`.
        alpha: error rate of the family of claims, and of the family of margins.
        detectable, seeds_for_80: see `claim.py`.
        same: None without a margin under `superior`.
        missing: sentences about the pairs that are missing.
        looks: of a group-sequential study, else None.
    """

    n: int
    mean: float
    constant: bool
    p: float
    adjustment: str
    level: float
    alpha: float
    detectable: float
    seeds_for_80: float
    same: Sameness | None = None
    missing: Sequence[str] = ()
    looks: Looks | None = None

    @property
    def is_same(self) -> bool:
        """Whether the difference is shown to be smaller than the margin of `superior`."""
        return self.same is not None and self.same.p <= self.alpha

    @property
    def is_early(self) -> bool:
        """Whether the first look of a group-sequential study is still to come."""
        return self.looks is not None and self.n < self.looks.seeds[0] and math.isnan(self.p)


def judge(contrast: ContrastParams, evidence: Evidence) -> tuple[Verdict, str]:
    """Return the verdict on `contrast`, and one or more sentences why."""
    verdict = _verdict(contrast, evidence)
    reason = _reason(verdict, contrast, evidence)
    if evidence.missing:
        reason += f" Left out: {'; '.join(evidence.missing)}."
    return verdict, reason


def _verdict(contrast: ContrastParams, evidence: Evidence) -> Verdict:
    if evidence.is_early:
        return Verdict.UNDECIDED
    if evidence.n < 2:
        return Verdict.CANNOT
    if evidence.p <= evidence.alpha:
        superior = Verdict.BETTER if evidence.mean > 0 else Verdict.WORSE
        claimed = {"not_worse": Verdict.NOT_WORSE, "equivalent": Verdict.SAME}
        return claimed.get(contrast.claim, superior)
    if evidence.is_same:
        return Verdict.SAME
    return Verdict.CANNOT if _is_out_of_reach(contrast, evidence) else Verdict.UNDECIDED


def _is_out_of_reach(contrast: ContrastParams, evidence: Evidence) -> bool:
    """Return whether only seeds are missing: none differs, but sign flips of so few decide nothing.

    Without spread, what is observed holds in every seed.
    """
    smallest = smallest_rank_p(evidence.n, sides=1)
    within = abs(evidence.mean) < contrast.margin
    if not evidence.constant:
        return False
    if contrast.claim != "superior":
        holds = within if contrast.claim == "equivalent" else evidence.mean > -contrast.margin
        return holds and smallest > evidence.level
    too_few_for_same = evidence.same and smallest > evidence.alpha / evidence.same.family
    return bool(
        (evidence.mean != 0 and 2 * smallest > evidence.level) or (within and too_few_for_same)
    )


def _reason(verdict: Verdict, contrast: ContrastParams, evidence: Evidence) -> str:
    n, same = evidence.n, evidence.same
    seeds = plural(n, "paired seed")
    so_far = f"{'is' if n == 1 else 'are'} {seeds}"
    if evidence.looks and evidence.is_early:
        return f"The first look is at {evidence.looks.seeds[0]} seeds; there {so_far} so far."
    if n < 2:
        return f"There {so_far}; two are the least."
    tests = f"p = {evidence.p:.2g} {evidence.adjustment}"
    if same:
        margins = f"{same.family} margin{'' if same.family == 1 else 's'}"
        tests += f"; within ±{contrast.margin:g}: p = {same.p:.2g} after Holm over {margins}"
    if evidence.constant:
        equal = "The arms are equal" if evidence.mean == 0 else "The difference is the same"
        smallest = smallest_rank_p(n, sides=2 if contrast.claim == "superior" else 1)
        return (
            f"{equal} in every seed, so there is no spread for a t-test. Sign flips give {tests}; "
            f"with {n} seeds they cannot fall below {smallest:.2g} before any adjustment."
        )
    if verdict in (Verdict.BETTER, Verdict.WORSE) and evidence.is_same:
        return f"{tests}, {seeds}: {verdict}, but by less than the margin."
    if verdict not in (Verdict.UNDECIDED, Verdict.CANNOT):
        return f"{tests}, {seeds}."
    shown = _shown_by(contrast, evidence, seeds)
    if evidence.looks:
        return f"{tests}. {shown}; {_seeds_to_come(evidence, evidence.looks)}"
    return f"{tests}. {shown}; {_seeds_in_all(evidence)}"


def _shown_by(contrast: ContrastParams, evidence: Evidence, seeds: str) -> str:
    """Say what these seeds can show."""
    shown = f"a margin of {evidence.detectable:.2g} could be kept 4 times in 5 by an equal arm"
    if contrast.claim == "superior":
        shown = f"a true difference of {evidence.detectable:.2g} would be shown 4 times in 5"
    if evidence.same:
        within = f"within ±{evidence.same.detectable:.2g}"
        shown += f", and equal arms would be shown to lie {within}"
    return f"With {seeds} {shown}"


def _seeds_in_all(evidence: Evidence) -> str:
    """Say how many seeds would decide."""
    hopeless = math.isinf(evidence.seeds_for_80)
    needed = "no number of" if hopeless else f"about {evidence.seeds_for_80:.0f}"
    text = f"{needed} seeds would decide it if the observed difference is true."
    smallest = smallest_rank_p(evidence.n)
    if smallest > evidence.alpha:
        text += (
            f" Rank tests cannot decide here: their smallest p with {evidence.n} seeds is "
            f"{smallest:.2g}."
        )
    return text


def _seeds_to_come(evidence: Evidence, looks: Looks) -> str:
    """Say how many more seeds would decide, and whether so many are planned."""
    further = evidence.seeds_for_80 - evidence.n
    needed = "no number of" if math.isinf(further) else f"about {further:.0f} more"
    text = f"{needed} seeds would decide it if the observed difference is true"
    if looks.last < evidence.seeds_for_80 < math.inf:
        text += f", which is beyond the last look at {looks.last}"
    return f"{text}."

from dataclasses import replace
from typing import Any

import pytest

from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.sequential.looks import Looks
from frugalseg.statistics.verdict import Evidence, Sameness, Verdict, judge

SUPERIOR = ContrastParams(a="a", b="b")
WITH_MARGIN = ContrastParams(a="a", b="b", margin=0.02)
NOT_WORSE = ContrastParams(a="a", b="b", claim="not_worse", margin=0.02)
EQUIVALENT = ContrastParams(a="a", b="b", claim="equivalent", margin=0.02)
EVIDENCE = Evidence(
    n=5,
    mean=0.01,
    constant=False,
    p=0.01,
    adjustment="after Holm over 2 planned",
    level=0.025,
    alpha=0.05,
    detectable=0.04,
    seeds_for_80=17.0,
)
WITHIN = Sameness(p=0.03, family=2, detectable=0.015)
OPEN = Sameness(p=0.3, family=2, detectable=0.015)
CONSTANT = {"constant": True, "p": 0.125}


@pytest.mark.parametrize(
    ("contrast", "change", "verdict"),
    [
        (SUPERIOR, {}, Verdict.BETTER),
        (SUPERIOR, {"mean": -0.01}, Verdict.WORSE),
        (SUPERIOR, {"p": 0.06}, Verdict.UNDECIDED),
        (SUPERIOR, {"p": float("nan")}, Verdict.UNDECIDED),
        (SUPERIOR, {"n": 1, "p": float("nan")}, Verdict.CANNOT),
        (SUPERIOR, {"n": 0, "mean": float("nan"), "p": float("nan")}, Verdict.CANNOT),
        (WITH_MARGIN, {"same": OPEN}, Verdict.BETTER),
        (WITH_MARGIN, {"same": WITHIN}, Verdict.BETTER),
        (WITH_MARGIN, {"same": WITHIN, "mean": -0.01}, Verdict.WORSE),
        (WITH_MARGIN, {"same": WITHIN, "p": 0.2}, Verdict.SAME),
        (WITH_MARGIN, {"same": OPEN, "p": 0.2}, Verdict.UNDECIDED),
        (NOT_WORSE, {"mean": -0.001}, Verdict.NOT_WORSE),
        (NOT_WORSE, {"p": 0.2}, Verdict.UNDECIDED),
        (EQUIVALENT, {}, Verdict.SAME),
        (EQUIVALENT, {"p": 0.2}, Verdict.UNDECIDED),
        # the same difference in all of five seeds: 2/32 can never be below .025
        (SUPERIOR, CONSTANT, Verdict.CANNOT),
        (SUPERIOR, CONSTANT | {"mean": -0.01}, Verdict.CANNOT),
        (SUPERIOR, {"constant": True, "p": 1.0, "mean": 0.0}, Verdict.UNDECIDED),
        (SUPERIOR, {"constant": True, "p": 0.01, "n": 9}, Verdict.BETTER),
        # as the first of a sequence, six seeds were enough; an earlier contrast stopped it
        (SUPERIOR, {"constant": True, "p": 0.3, "n": 6, "level": 0.05}, Verdict.UNDECIDED),
        # equal arms: 1/32 can never be below .05 / 2, only below .05 once the other is shown
        (WITH_MARGIN, CONSTANT | {"mean": 0.0, "same": OPEN}, Verdict.CANNOT),
        (WITH_MARGIN, CONSTANT | {"mean": 0.0, "same": replace(OPEN, p=1 / 32)}, Verdict.SAME),
        (NOT_WORSE, {"constant": True, "p": 0.0625, "mean": 0.0}, Verdict.CANNOT),
        # Holm has let it pass, after others of the family: what is shown can be shown
        (NOT_WORSE, {"constant": True, "p": 0.03125, "mean": 0.0}, Verdict.NOT_WORSE),
        (NOT_WORSE, {"constant": True, "p": 1.0, "mean": -0.05}, Verdict.UNDECIDED),
        (EQUIVALENT, {"constant": True, "p": 1.0, "mean": 0.05}, Verdict.UNDECIDED),
    ],
)
def test_the_verdict(contrast: ContrastParams, change: dict[str, Any], verdict: Verdict) -> None:
    assert judge(contrast, replace(EVIDENCE, **change))[0] == verdict


@pytest.mark.parametrize(
    ("contrast", "change", "text"),
    [
        (SUPERIOR, {}, "p = 0.01 after Holm over 2 planned, 5 paired seeds."),
        (SUPERIOR, {"p": 0.2}, "a true difference of 0.04 would be shown 4 times in 5"),
        (SUPERIOR, {"p": 0.2}, "about 17 seeds would decide it if the observed"),
        (WITH_MARGIN, {"same": WITHIN}, "Holm over 2 planned; within ±0.02: p = 0.03 after Holm"),
        (WITH_MARGIN, {"same": WITHIN}, "5 paired seeds: better, but by less than the margin."),
        (WITH_MARGIN, {"p": 0.2, "same": WITHIN}, "p = 0.03 after Holm over 2 margins, 5 paired"),
        (
            WITH_MARGIN,
            {"p": 0.2, "same": OPEN},
            "equal arms would be shown to lie within ±0.015; about",
        ),
        (SUPERIOR, {"p": 0.2}, "Rank tests cannot decide here: their smallest p with 5 seeds"),
        (NOT_WORSE, {"p": 0.2}, "a margin of 0.04 could be kept 4 times in 5 by an equal arm"),
        (NOT_WORSE, {"p": 0.9, "seeds_for_80": float("inf")}, "no number of seeds would decide"),
        (SUPERIOR, {"n": 1}, "There is 1 paired seed; two are the least."),
        (SUPERIOR, {"n": 0}, "There are 0 paired seeds; two are the least."),
        (SUPERIOR, {"constant": True, "mean": 0.0}, "The arms are equal in every seed"),
        (SUPERIOR, {"constant": True}, "The difference is the same in every seed"),
        (SUPERIOR, {"missing": ("seed 3: a has no score",)}, "Left out: seed 3: a has no score."),
    ],
)
def test_the_reason(contrast: ContrastParams, change: dict[str, Any], text: str) -> None:
    assert text in judge(contrast, replace(EVIDENCE, **change))[1]


def test_rank_tests_are_not_mentioned_where_they_can_decide() -> None:
    assert "Rank" not in judge(SUPERIOR, replace(EVIDENCE, n=6, p=0.2))[1]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"n": 8, "seeds_for_80": 20.0}, "about 12 more seeds would decide it if the observed"),
        (
            {"n": 8, "seeds_for_80": 31.0},
            "23 more seeds would decide it if the observed difference ",
        ),
        ({"n": 8, "seeds_for_80": 31.0}, " is true, which is beyond the last look at 20."),
        ({"n": 8, "seeds_for_80": float("inf")}, "no number of seeds would decide it if"),
        (
            {"n": 1, "p": float("nan")},
            "The first look is at 5 seeds; there is 1 paired seed so far.",
        ),
    ],
)
def test_what_comes_after_an_undecided_look(change: dict[str, Any], text: str) -> None:
    evidence = replace(EVIDENCE, p=0.2, looks=Looks((5, 8, 20)))
    verdict, reason = judge(SUPERIOR, replace(evidence, **change))
    assert verdict == Verdict.UNDECIDED
    assert text in reason

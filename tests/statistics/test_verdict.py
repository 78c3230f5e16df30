from dataclasses import replace
from typing import Any

import pytest

from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.verdict import Evidence, Verdict, judge

SUPERIOR = ContrastParams(a="a", b="b")
BY_MARGIN = ContrastParams(a="a", b="b", margin=0.05)
NOT_WORSE = ContrastParams(a="a", b="b", claim="not_worse", margin=0.02)
EQUIVALENT = ContrastParams(a="a", b="b", claim="equivalent", margin=0.02)
EVIDENCE = Evidence(
    n=5,
    mean=0.01,
    constant=False,
    p=0.01,
    family=2,
    alpha=0.05,
    detectable=0.04,
    seeds_for_80=17.0,
)


@pytest.mark.parametrize(
    ("contrast", "change", "verdict"),
    [
        (SUPERIOR, {}, Verdict.SHOWN),
        (SUPERIOR, {"mean": -0.01}, Verdict.OPPOSITE),
        (SUPERIOR, {"p": 0.06}, Verdict.NOT_SHOWN),
        (SUPERIOR, {"p": float("nan")}, Verdict.NOT_SHOWN),
        (SUPERIOR, {"n": 1, "p": float("nan")}, Verdict.CANNOT),
        (SUPERIOR, {"n": 0, "mean": float("nan"), "p": float("nan")}, Verdict.CANNOT),
        (BY_MARGIN, {"mean": 0.06}, Verdict.SHOWN),
        (BY_MARGIN, {"mean": 0.01}, Verdict.NOT_SHOWN),
        (NOT_WORSE, {"mean": -0.001}, Verdict.NOT_WORSE),
        (NOT_WORSE, {"p": 0.2}, Verdict.NOT_SHOWN),
        (EQUIVALENT, {}, Verdict.EQUIVALENT),
        # the same difference in all of five seeds: 2/32 * 2 contrasts can never be below 5 %
        (SUPERIOR, {"constant": True, "p": 0.125}, Verdict.CANNOT),
        (SUPERIOR, {"constant": True, "p": 1.0, "mean": 0.0}, Verdict.NOT_SHOWN),
        (SUPERIOR, {"constant": True, "p": 0.01, "n": 9}, Verdict.SHOWN),
        (NOT_WORSE, {"constant": True, "p": 0.0625, "mean": 0.0}, Verdict.CANNOT),
        # Holm has let it pass, after others of the family: what is shown can be shown
        (NOT_WORSE, {"constant": True, "p": 0.03125, "mean": 0.0}, Verdict.NOT_WORSE),
        (NOT_WORSE, {"constant": True, "p": 1.0, "mean": -0.05}, Verdict.NOT_SHOWN),
        (EQUIVALENT, {"constant": True, "p": 1.0, "mean": 0.05}, Verdict.NOT_SHOWN),
    ],
)
def test_the_verdict(contrast: ContrastParams, change: dict[str, Any], verdict: Verdict) -> None:
    assert judge(contrast, replace(EVIDENCE, **change))[0] == verdict


@pytest.mark.parametrize(
    ("contrast", "change", "text"),
    [
        (SUPERIOR, {}, "p = 0.01 after Holm over 2 planned, 5 paired seeds."),
        (SUPERIOR, {"p": 0.2}, "a true difference of 0.04 would be shown 4 times in 5"),
        (SUPERIOR, {"p": 0.2}, "about 17 seeds would show the claim if the observed"),
        (SUPERIOR, {"p": 0.2}, "Rank tests cannot decide here: their smallest p with 5 seeds"),
        (NOT_WORSE, {"p": 0.2}, "a margin of 0.04 could be kept 4 times in 5 by an equal arm"),
        (NOT_WORSE, {"p": 0.9, "seeds_for_80": float("inf")}, "no number of seeds would show"),
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

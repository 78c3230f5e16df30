from dataclasses import replace
from typing import Any

import pytest

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.answer import findings
from frugalseg.statistics.verdict import Verdict


def with_contrast(study: Study, **columns: Any) -> Study:
    return replace(study, contrasts=study.contrasts.iloc[[0]].assign(**columns))


@pytest.mark.parametrize(
    ("claim", "margin", "verdict", "start"),
    [
        ("superior", 0.0, Verdict.SHOWN, "Shown: entropy is better than random: "),
        (
            "superior",
            0.0,
            Verdict.OPPOSITE,
            "The opposite is shown: entropy is worse than random: ",
        ),
        ("superior", 0.0, Verdict.NOT_SHOWN, "Not shown: that entropy is better than random: "),
        ("not_worse", 0.02, Verdict.NOT_WORSE, "Shown: entropy comes within 0.02 of random: "),
        (
            *("equivalent", 0.02, Verdict.EQUIVALENT),
            "Shown: entropy differs by less than 0.02 from random: ",
        ),
        (
            *("superior", 0.0, Verdict.CANNOT),
            "Cannot be shown with this many seeds: that entropy is better than random: ",
        ),
        ("superior", 0.0, "a new word", "entropy against random (a new word): "),
    ],
)
def test_strength_is_in_the_words(
    study: Study, claim: str, margin: float, verdict: str, start: str
) -> None:
    changed = with_contrast(study, claim=claim, margin=margin, verdict=str(verdict))
    finding = next(findings(changed))
    assert finding.text.startswith(start)
    assert finding.href == "#contrasts-0"


def test_every_word_of_the_statistics_has_a_sentence(study: Study) -> None:
    for word in Verdict:
        text = next(findings(with_contrast(study, verdict=str(word)))).text
        assert " against " not in text


def test_no_contrast_no_sentence(study: Study) -> None:
    assert not list(findings(replace(study, contrasts=study.contrasts.iloc[:0])))

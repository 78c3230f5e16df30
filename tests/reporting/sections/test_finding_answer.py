from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.answer import findings
from frugalseg.statistics.verdict import Verdict


def with_contrast(study: Study, **columns: Any) -> Study:
    return replace(study, contrasts=study.contrasts.iloc[[0]].assign(**columns))


@pytest.mark.parametrize(
    ("claim", "margin", "verdict", "start"),
    [
        ("superior", 0.0, Verdict.BETTER, "entropy is better than random: "),
        ("superior", 0.0, Verdict.WORSE, "entropy is worse than random: "),
        *(
            (claim, 0.02, Verdict.SAME, "entropy is practically the same as random, within 0.02: ")
            for claim in ("superior", "equivalent")
        ),
        (
            *("not_worse", 0.02, Verdict.NOT_WORSE),
            "entropy is not worse than random by 0.02 or more: ",
        ),
        (
            *("superior", 0.0, Verdict.UNDECIDED),
            "Undecided: which of entropy and random is better: ",
        ),
        (
            *("not_worse", 0.02, Verdict.UNDECIDED),
            "Undecided: whether entropy is worse than random by 0.02 or more: ",
        ),
        (
            *("equivalent", 0.02, Verdict.CANNOT),
            "Cannot be decided with this many seeds: whether entropy and random differ by 0.02 or ",
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
    assert finding.href == "details.html#contrasts-0"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ("", "Exploratory: this contrast was added or changed after results existed."),
        ("weights", "Exploratory: how the contrasts are tested was changed after results existed."),
    ],
)
def test_an_exploratory_finding_says_so(study: Study, changed: str, words: str) -> None:
    late = with_contrast(study, standing="exploratory", order_changed=changed)
    assert next(findings(late)).text.endswith(words)
    assert "Exploratory" not in next(findings(study)).text


def test_every_word_of_the_statistics_has_a_sentence(study: Study) -> None:
    for word in Verdict:
        text = next(findings(with_contrast(study, verdict=str(word)))).text
        assert " against " not in text


def test_no_contrast_no_sentence(study: Study) -> None:
    assert not list(findings(replace(study, contrasts=study.contrasts.iloc[:0])))


def test_an_undecided_finding_says_how_many_seeds_would_decide_it(study: Study) -> None:
    costs = pd.DataFrame({"arm": ["entropy", "random", "initial"], "core_hours": [0.1, 0.2, 0.3]})
    costed = replace(study, further={**study.further, "costs": costs})
    open_ = with_contrast(costed, verdict="undecided", n=5, seeds_for_80=17.0)
    words = " About 12 more seeds (7.2 core-hours) would decide it 4 times in 5."
    assert next(findings(open_)).text.endswith(words)  # 12 times 0.1 + 0.2 + 0.3
    many = with_contrast(costed, verdict="undecided", n=5, seeds_for_80=406.0)
    assert "More than 100 seeds would be needed" in next(findings(many)).text
    for verdict, seeds in (("undecided", 4.0), ("better", 17.0)):
        text = next(findings(with_contrast(costed, verdict=verdict, n=5, seeds_for_80=seeds))).text
        assert "seeds" not in text

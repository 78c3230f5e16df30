from dataclasses import replace
from typing import Any

import pytest

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.evidence import standing_section


def said(study: Study, **columns: Any) -> str:
    section = standing_section(replace(study, contrasts=study.contrasts.assign(**columns)))
    assert section is not None
    return " ".join(section.sentences)


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (["confirmatory"] * 4, "All contrasts were planned before"),
        (["confirmatory", "exploratory", "confirmatory", "confirmatory"],
         "after results existed: random against full (Dice). That is exploratory"),
        (["exploratory"] * 4, "Those are exploratory"),
        (["unknown"] * 4, "No record says"),
    ],
)  # fmt: skip
def test_what_was_planned_and_what_was_found_afterwards(
    study: Study, standing: list[str], words: str
) -> None:
    assert words in said(study, standing=standing)


def test_an_order_changed_after_results_is_said_in_one_sentence(study: Study) -> None:
    text = said(study, standing=["exploratory"] * 4, order_changed="order: fixed, now holm")
    assert "was changed after results existed (order: fixed, now holm), so all of them" in text
    assert "Those are exploratory" not in text


def test_the_families_and_their_error_rates_are_said(study: Study) -> None:
    text = said(study)
    assert "Claims are adjusted over 4 planned contrasts by Holm: the chance of any false" in text
    assert "any false one is at most 5%." in text
    assert "Practically the same" not in text
    both = said(study, p_same=[0.02, 0.3, float("nan"), float("nan")])
    assert "adjusted by Holm over 2 margins, with another 5%" in both
    assert "any false sentence is at most 10%." in both
    contrasts = [{"weight": weight} for weight in (2.0, 1.0, 0.0, 0.0)]
    weighted = replace(study, params={**study.params, "contrasts": contrasts})
    assert "contrasts by Holm, with weights 2, 1, 0, 0: the" in said(weighted)
    fixed = {**study.params, "statistics": {"order": "fixed"}}
    assert "contrasts by the fixed sequence: the" in said(replace(study, params=fixed))


def test_seeds_that_came_later_are_named(study: Study) -> None:
    assert "2 seeds (5, 6)" in said(study, seeds_added="5 6")
    assert "fixed beforehand" not in said(study, seeds_added=float("nan"))


def test_too_few_seeds_for_rank_tests_are_said(study: Study) -> None:
    assert (
        "With 5 paired seeds Wilcoxon’s test and the sign-flip test cannot fall below p = 0.0625"
        in said(study)
    )
    assert "cannot fall" not in said(study, n=6)


def test_a_missing_pair_is_named(study: Study) -> None:
    text = said(study, missing="seed 3: entropy has no score")
    assert "Left out of entropy against random: seed 3: entropy has no score." in text


def test_older_tables_without_these_columns_are_read(study: Study) -> None:
    bare = study.contrasts.drop(columns=["standing", "seeds_added", "order_changed", "missing"])
    section = standing_section(replace(study, contrasts=bare))
    assert section is not None
    assert len(section.sentences) == 2

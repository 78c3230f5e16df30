from dataclasses import replace

import pandas as pd

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.budgets import budget_section

LABELS = pd.DataFrame(
    [
        ("full", 0, 1.0, "from the start"),
        ("random", 0, 0.2, "reached"),
        ("random", 1, 0.3, "reached"),
        ("random", 2, 0.4, "never"),
        ("entropy", 0, 0.1, "from the start"),
        ("entropy", 1, float("nan"), "no target"),
    ],
    columns=["arm", "seed", "labels", "state"],
)
PAIR = {
    **{"a": "entropy", "b": "random", "metric": "dice", "n": 3, "missing": ""},
    **{"area_a": 0.6, "area_b": 0.5, "area_difference": 0.1, "ci_low": 0.05, "ci_high": 0.15},
    **{"p_area": 0.01, "p_area_holm": 0.01, "a_earlier": 2, "b_earlier": 1, "undecided": 4},
    **{"p_labels": 1.0, "both_reached": 1, "labels_difference": -0.1},
}


def said(study: Study, labels: pd.DataFrame, **pair: object) -> str:
    further = {"labels": labels, "budgets": pd.DataFrame([PAIR | pair])}
    section = budget_section(replace(study, further=further))
    assert section is not None
    return " ".join(section.sentences)


def test_reached_and_censored_seeds_are_told_apart(study: Study) -> None:
    text = said(study, LABELS)
    assert "random: of 3 seeds, 2 reached it later, with 25% of the labels (median); 1 did" in text
    assert "entropy: of 2 seeds, 1 reached it with the first labels" in text
    assert "1 had no score with all labels to compare with" in text
    assert "full: " not in text


def test_areas_and_crossings_are_paired(study: Study) -> None:
    text = said(study, LABELS)
    assert "differs by +0.100 [+0.050, +0.150] Dice over the labels that both have" in text
    assert "entropy needed fewer labels in 2 seeds, random in 1; 4 are undecided" in text
    assert "A sign test over 3 seeds cannot fall below p = 0.25" in text
    assert "(sign test, p = 0.031)" in said(study, LABELS, a_earlier=6, b_earlier=0, p_labels=0.031)
    assert "nothing is tested" in said(study, LABELS, a_earlier=0, b_earlier=0)


def test_without_a_full_arm_or_a_pair_it_says_so(study: Study) -> None:
    text = said(study, LABELS.head(0), area_difference=float("nan"), missing="seed 0: gone")
    assert "no goal to count the labels to" in text
    assert "no area to compare (seed 0: gone)" in text
    section = budget_section(replace(study, further={"labels": LABELS}))
    assert section is not None
    assert section.sentences[-1].startswith("No planned contrast is between two arms")
    assert section.tables == ()

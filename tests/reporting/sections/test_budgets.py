from dataclasses import replace

import pandas as pd

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.budgets import budget_section

GOAL = pd.DataFrame(
    [
        ("full", 0, 1.0, True),
        ("random", 0, 0.4, True),
        ("random", 1, 0.4, True),
        ("random", 2, 0.4, False),
        ("entropy", 0, 0.1, False),
    ],
    columns=["arm", "seed", "fraction", "reached"],
)
PAIR = {
    **{"a": "entropy", "b": "random", "metric": "dice", "n": 3, "missing": ""},
    **{"area_a": 0.6, "area_b": 0.5, "area_difference": 0.1, "ci_low": 0.05, "ci_high": 0.15},
    **{"p_area": 0.01, "p_area_holm": 0.01},
}


def said(study: Study, goal: pd.DataFrame, **pair: object) -> str:
    further = {"goal": goal, "budgets": pd.DataFrame([PAIR | pair])}
    section = budget_section(replace(study, further=further))
    assert section is not None
    return " ".join(section.sentences)


def test_the_seeds_that_reached_the_goal_are_counted(study: Study) -> None:
    text = said(study, GOAL)
    assert "an arm reached 95% of the Dice of full under the same seed: " in text
    assert "random in 2 of 3 seeds (with 40% of the training labels)" in text
    assert "entropy in 0 of 1 seed (with 10% of the training labels)" in text
    assert "full in" not in text
    assert "How many more labels" not in text


def test_labels_are_left_to_the_forecast(study: Study) -> None:
    further = {"goal": GOAL, "targets": pd.DataFrame({"arm": ["random"]})}
    section = budget_section(replace(study, further=further))
    assert section is not None
    assert "under “How many more labels?”, with an interval" in " ".join(section.sentences)


def test_areas_are_paired(study: Study) -> None:
    text = said(study, GOAL)
    assert "differs by +0.100 [+0.050, +0.150] Dice over the labels that both have" in text


def test_without_a_full_arm_or_a_pair_it_says_so(study: Study) -> None:
    text = said(study, GOAL.head(0), area_difference=float("nan"), missing="seed 0: gone")
    assert "there is no goal to reach" in text
    assert "no area to compare (seed 0: gone)" in text
    section = budget_section(replace(study, further={"goal": GOAL}))
    assert section is not None
    assert section.sentences[-1].startswith("No planned contrast is between two arms")
    assert section.tables == ()

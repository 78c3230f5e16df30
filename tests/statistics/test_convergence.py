from typing import Any

import numpy as np
import pandas as pd
import pytest

from frugalseg.statistics.convergence import COLUMNS, falls_late, judge_lengths


def history(
    losses: list[float], scores: dict[int, float] | None = None, **keys: Any
) -> pd.DataFrame:
    """Return a run whose losses are given, with scores at some steps."""
    steps = np.arange(1, len(losses) + 1)
    columns = {"step": steps, "loss": losses} | {"arm": "full", "round": 0, "seed": 0} | keys
    table = pd.DataFrame(columns)
    return table if scores is None else table.assign(val_dice=table["step"].map(scores))


def judged(*runs: pd.DataFrame) -> dict[str, Any]:
    table = judge_lengths(pd.concat(runs))
    assert list(table) == COLUMNS
    assert len(table) == 1
    return dict(table.iloc[0])


LATE = [1.0, 1.0, 0.7, 0.7, 0.5, 0.5, 0.4, 0.4]
EARLY = [1.0, 1.0, 0.5, 0.5, 0.45, 0.45, 0.4, 0.4]


def test_a_loss_that_falls_late_is_still_improving() -> None:
    row = judged(history(LATE))
    assert (row["arm"], row["round"], row["steps"]) == ("full", 0, 8)
    assert row["late"] == pytest.approx(0.5)  # (0.7 - 0.4) / (1.0 - 0.4)
    assert row["fall"] == pytest.approx(0.6)
    assert np.isnan(row["gain"])
    assert row["improving"]


def test_a_loss_that_fell_early_is_not() -> None:
    row = judged(history(EARLY))
    assert row["late"] == pytest.approx(1 / 6)
    assert not row["improving"]


def test_the_dice_term_counts_where_there_is_one() -> None:
    both = pd.concat([history(EARLY).assign(loss_dice=LATE), history(LATE, arm="weak")])
    table = judge_lengths(both)
    assert table["late"].tolist() == pytest.approx([0.5, 0.5])
    assert judged(history(LATE).assign(loss_dice=EARLY))["late"] == pytest.approx(1 / 6)


def test_a_loss_that_hardly_fell_has_learned_nothing_yet() -> None:
    row = judged(history([1.0, 1.0, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8]))
    assert row["late"] == pytest.approx(0)
    assert row["improving"]
    assert judged(history([1.0] * 8))["improving"]


def test_a_run_falls_late_if_it_fell_and_did_so_in_its_second_half() -> None:
    assert falls_late(history(LATE))
    assert not falls_late(history(EARLY))
    assert not falls_late(history(EARLY).assign(loss=LATE, loss_dice=EARLY))
    assert not falls_late(history([1.0, 1.0, 0.98, 0.98, 0.95, 0.95, 0.9, 0.9]))  # learns nothing
    assert not falls_late(history([1.0] * 8))
    assert not falls_late(history([1.0, 0.5]))  # too few steps to tell
    assert not falls_late(history([0.0]))


def test_loss_and_score_have_to_agree() -> None:
    row = judged(history(LATE, {4: 0.60, 8: 0.61}))  # learned by heart
    assert row["gain"] == pytest.approx(0.01)
    assert not row["improving"]
    assert judged(history(LATE, {4: 0.60, 8: 0.63}))["improving"]
    assert not judged(history(EARLY, {4: 0.60, 8: 0.63}))["improving"]


def test_the_score_at_half_of_the_steps_lies_between_validations() -> None:
    assert judged(history(LATE, {3: 0.3, 6: 0.6, 8: 0.7}))["gain"] == pytest.approx(0.3)
    assert np.isnan(judged(history(LATE, {8: 0.7}))["gain"])


def test_a_gain_within_the_noise_of_the_seeds_is_none() -> None:
    runs = [history(LATE, {4: 0.5, 8: 0.5 + gain}, seed=i) for i, gain in enumerate((0.0, 0.4))]
    row = judged(*runs)
    assert row["gain"] == pytest.approx(0.2)
    assert row["gain_se"] == pytest.approx(0.2)  # of 0.0 and 0.4
    assert not row["improving"]
    runs = [history(LATE, {4: 0.5, 8: 0.5 + gain}, seed=i) for i, gain in enumerate((0.1, 0.3))]
    assert judged(*runs)["improving"]


def test_every_arm_and_round_has_a_row() -> None:
    runs = [history(LATE), history(EARLY, arm="random", round=1)]
    table = judge_lengths(pd.concat(runs))
    assert table["improving"].tolist() == [True, False]
    assert judge_lengths(runs[0].iloc[:0]).empty

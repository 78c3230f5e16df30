from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.answer import build_answer
from frugalseg.reporting.sections.length import length_sentences, length_warnings

LENGTH: dict[str, Any] = {
    "training": "base", "steps": 60, "limit_reached": False, "arm": "full", "seed": 0,
    "curve": [{"steps": 60, "score": 0.7}, {"steps": 120, "score": 0.705}],
}  # fmt: skip


KEY = "training.base.steps"


def short(study: Study, **changes: Any) -> Study:
    """Return the study with a loss of `full` and `initial` that falls to the end."""
    histories = study.histories.copy()
    rows = histories["arm"].isin(["full", "initial"])
    histories.loc[rows, "loss"] = 1 - histories.loc[rows, "step"] / 100
    histories.loc[rows & histories["val_dice"].notna(), "val_dice"] = histories["step"] / 100
    params = {**study.params, "steps_keys": dict.fromkeys(study.params["arms"], KEY)}
    return replace(study, histories=histories, params=params, **changes)


def with_length(study: Study, **changes: Any) -> tuple[Mapping[str, Any], ...]:
    return tuple({**run, "length": LENGTH | changes} for run in study.runs)


def test_long_trainings_are_not_mentioned(study: Study) -> None:
    assert list(length_warnings(study)) == []
    assert build_answer(study).warnings == ()
    assert list(length_warnings(replace(study, histories=study.histories.iloc[:0]))) == []


def test_short_trainings_are_named_with_the_key_to_change(study: Study) -> None:
    assert list(length_warnings(short(study))) == [
        "full and initial were still improving after 60 steps; training longer may change what "
        "labels seem to be worth. Set training.base.steps in params.yaml to 120 and run again."
    ]


def test_the_key_is_where_the_steps_are_set(study: Study) -> None:
    changed = short(study)
    keys = {"full": "arms.builtin.full.training.steps", "initial": KEY}
    texts = list(length_warnings(replace(changed, params={**study.params, "steps_keys": keys})))
    assert f"Set {keys['full']} in params.yaml to 120" in texts[0]
    assert f"Set {KEY} in params.yaml to 120" in texts[1]


def test_an_arm_that_begins_with_trained_weights_is_not_judged(study: Study) -> None:
    changed = short(study)
    (text,) = length_warnings(
        replace(changed, params={**study.params, "steps_keys": {"full": KEY}})
    )
    assert text.startswith("full was still improving")


def test_the_warning_is_part_of_the_answer(study: Study) -> None:
    lines = build_answer(short(study)).lines
    assert lines[3].startswith("Warning: full and initial were still improving")


def test_a_chosen_length_is_told_with_its_scores(study: Study) -> None:
    assert list(length_sentences(study)) == []
    chosen = replace(study, runs=with_length(study))
    assert list(length_sentences(chosen)) == [
        "Length of the training base, chosen on validation: 60 steps, for every arm and seed. "
        "The validation scores of full under seed 0: 0.700 at 60 and 0.705 at 120."
    ]
    curve = [point | {"falls_late": point["steps"] == 60} for point in LENGTH["curve"]]
    (text,) = length_sentences(replace(study, runs=with_length(study, curve=curve)))
    assert text.endswith(" and 0.705 at 120. Its loss still fell after 60 steps.")


def test_a_chosen_batch_is_told(study: Study) -> None:
    runs = tuple({**run, "batch": 8, "training": {"batch": "auto"}} for run in study.runs)
    assert list(length_sentences(replace(study, runs=runs))) == [
        "A batch has 8 images: as many as come near 131,072 pixels a step, but 2 to 16."
    ]


def test_a_length_at_its_limit_is_a_warning(study: Study) -> None:
    limited = replace(study, runs=with_length(study, limit_reached=True))
    (text,) = length_warnings(limited)
    assert text.startswith("full was still improving at 60 steps, the most")
    assert "Raise training.base.steps.most" in text

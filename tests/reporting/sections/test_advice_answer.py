from dataclasses import replace
from typing import Any

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.answer import advise


def said(study: Study) -> list[str]:
    ends = study.points.groupby("arm").tail(1)
    ends = ends[ends["arm"] != "full"].sort_values("mean", ascending=False)
    return [sentence.text for sentence in advise(study, ends)]


def with_contrast(study: Study, **columns: Any) -> Study:
    return replace(study, contrasts=study.contrasts.iloc[[0]].assign(**columns))


def test_advice_names_the_seeds_that_are_missing(study: Study) -> None:
    changed = with_contrast(study, verdict="undecided", seeds_for_80=21.0)
    assert any("plan about 21 seeds (there are 5)" in text for text in said(changed))
    many = with_contrast(study, verdict="undecided", seeds_for_80=406.0)
    assert any(
        "too many would settle entropy against random (about 406)." in text for text in said(many)
    )
    hopeless = with_contrast(study, verdict="undecided", seeds_for_80=float("inf"))
    assert not any("plan about" in text for text in said(hopeless))


def test_advice_is_to_label_on_while_the_curve_rises(study: Study) -> None:
    assert any("Label on with random" in text for text in said(study))
    flat = study.curve.assign(mean=study.curve["mean"].where(study.curve["arm"] != "random", 0.9))
    assert any("random brought little" in text for text in said(replace(study, curve=flat)))


def test_an_arm_that_bought_nothing_gets_no_advice_on_labels(study: Study) -> None:
    bought = study.curve["arm"].isin(["full", "initial", "mean_teacher"])
    shown = replace(study, curve=study.curve[bought])
    assert not any("labeled images" in text for text in said(shown))


def test_one_seed_is_said_to_be_too_few(study: Study) -> None:
    one = replace(study, scores=study.scores[study.scores["seed"] == 0])
    assert any("1 seed cannot show how much" in text for text in said(one))


def test_without_contrasts_planning_them_is_advised(study: Study) -> None:
    assert any(
        "No contrast was planned" in t
        for t in said(replace(study, contrasts=study.contrasts.iloc[:0]))
    )


def test_the_arm_to_go_on_with_is_the_one_that_was_shown_to_win(study: Study) -> None:
    best = study.points.groupby("arm").tail(1).query("arm != 'full'")
    name = best.sort_values("mean", ascending=False)["arm"].iloc[0]
    beaten = with_contrast(study, a=name, b="initial", verdict="better", claim="superior")
    assert f"Go on with {name}: it is shown to be better than initial." in said(beaten)
    other = "entropy" if name == "random" else "random"
    won = with_contrast(study, a=other, b="initial", verdict="better", claim="superior")
    assert any(f"Go on with {other}, which is shown" in text for text in said(won))
    none = with_contrast(study, verdict="undecided", claim="superior")
    assert any(f"easiest to run: {name} has the best mean" in text for text in said(none))


def test_labels_are_those_of_the_arm_that_bought_them(study: Study) -> None:
    arms = {**study.params["arms"], "mean_teacher": {"start": "random"}}
    curve = study.curve[~study.curve["arm"].isin(["entropy"])].copy()
    own = curve["arm"] == "mean_teacher"
    curve.loc[own, ["images", "mean"]] = [6, 0.99]
    changed = replace(study, curve=curve, params={**study.params, "arms": arms})
    assert any("abel on with random" in t or "chosen by random" in t for t in said(changed))

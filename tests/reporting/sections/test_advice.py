from dataclasses import replace
from typing import Any

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.advice import advise


def said(study: Study, arm: str = "random") -> list[str]:
    return [sentence.text for sentence in advise(study, arm)]


def with_contrast(study: Study, **columns: Any) -> Study:
    return replace(study, contrasts=study.contrasts.iloc[[0]].assign(**columns))


def test_advice_is_to_label_on_where_the_last_labels_are_shown_to_have_helped(
    study: Study,
) -> None:
    seeds, rounds = study.scores["seed"], study.scores["round"]
    raised = study.scores.assign(value=rounds / 10 + seeds * rounds / 1000)
    assert any("Label on with random" in text for text in said(replace(study, scores=raised)))
    scatter = study.scores.assign(value=(seeds - 2) * rounds)
    flat = said(replace(study, scores=scatter))
    assert any("The last labels of random did not clearly help" in t for t in flat)


def test_an_arm_that_bought_nothing_gets_no_advice_on_labels(study: Study) -> None:
    bought = study.curve["arm"].isin(["full", "initial", "mean_teacher"])
    shown = replace(study, curve=study.curve[bought])
    assert not any("labeled images" in text for text in said(shown, "mean_teacher"))


def test_one_seed_is_said_to_be_too_few(study: Study) -> None:
    one = replace(study, scores=study.scores[study.scores["seed"] == 0])
    assert any("1 seed cannot show how much" in text for text in said(one))


def test_without_contrasts_planning_them_is_advised(study: Study) -> None:
    assert any(
        "No contrast was planned" in t
        for t in said(replace(study, contrasts=study.contrasts.iloc[:0]))
    )


def test_the_arm_to_go_on_with_is_the_first_that_was_shown_to_win(study: Study) -> None:
    won = with_contrast(study, a="entropy", b="initial", verdict="better", claim="superior")
    assert "Go on with entropy: it is better than initial." in said(won)
    none = with_contrast(study, a="entropy", b="random", verdict="undecided", claim="superior")
    sentence = "No planned contrast shows a better one among entropy and random: choose the one"
    assert any(sentence in text for text in said(none))


def decided(study: Study, *rows: tuple[str, str, str]) -> Study:
    a, b, verdicts = zip(*rows, strict=True)
    table = study.contrasts.iloc[[0] * len(rows)].reset_index(drop=True)
    return replace(study, contrasts=table.assign(a=a, b=b, verdict=verdicts))


def test_the_arm_to_go_on_with_is_worse_than_none(study: Study) -> None:
    chain = decided(
        study,
        ("entropy", "initial", "better"),
        ("random", "entropy", "better"),
        ("random", "mean_teacher", "worse"),
    )
    texts = said(chain)
    assert "Go on with mean_teacher: it is better than random." in texts
    assert not any("Leave" in text for text in texts)
    apart = decided(study, ("entropy", "initial", "better"), ("random", "mean_teacher", "worse"))
    texts = said(apart)
    assert "Go on with entropy: it is better than initial." in texts
    assert "Leave random aside: it is worse than mean_teacher." in texts


def test_the_arm_that_others_lost_to_is_to_go_on_with(study: Study) -> None:
    rows = study.contrasts.iloc[[0] * 3].assign(
        a="entropy", b=["random", "mean_teacher", "full"], verdict=["worse", "undecided", "worse"]
    )
    texts = said(replace(study, contrasts=rows.reset_index(drop=True)))
    assert "Go on with random: it is better than entropy." in texts
    assert not any("easiest to run" in text or "Leave" in text for text in texts)


def test_more_labels_are_no_arm_to_choose(study: Study) -> None:
    lost = with_contrast(study, a="random", b="full", verdict="worse", claim="superior")
    assert not any("Choose" in t or "choose" in t or "Leave" in t for t in said(lost))


def test_labels_are_those_of_the_arm_that_bought_them(study: Study) -> None:
    arms = {**study.params["arms"], "mean_teacher": {"start": "random"}}
    curve = study.curve.copy()
    curve.loc[curve["arm"] == "mean_teacher", "images"] = 6
    changed = replace(study, curve=curve, params={**study.params, "arms": arms})
    texts = said(changed, "mean_teacher")
    assert any("with random: its" in t or "labels of random did" in t for t in texts)

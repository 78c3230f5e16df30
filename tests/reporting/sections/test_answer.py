from dataclasses import replace

from scipy import stats

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.answer import budget_arm, build_answer
from frugalseg.reporting.sections.forecast import headline_forecast


def final(study: Study, arm: str) -> list[float]:
    rows = study.scores.query("metric == 'dice' and threshold == 'validation'")
    rows = rows[rows["arm"] == arm]
    return [
        float(v)
        for v in rows[rows["round"] == rows["round"].max()]
        .sort_values("seed")["value"]
        .astype(float)
    ]


def test_headline_says_what_how_much_and_how_sure(study: Study) -> None:
    text = build_answer(study).headline
    assert text.startswith("With 30% of the training labels (6 images with those for validation, ")
    assert "about 6 min of annotation), random reaches Dice " in text
    random, full = (
        study.points.query(f"arm == '{arm}'")["mean"].iloc[-1] for arm in ("random", "full")
    )
    share = (
        f"{random:.3f}, {random / full:.0%} of the {full:.3f} that full reaches with every label"
    )
    assert text.endswith(f" reaches Dice {share} (20 min).")
    assert ". " not in text
    note = build_answer(study).note
    assert note.startswith(f"random: {random:.3f} [")
    assert note.endswith(" Intervals are for further seeds on these 10 test images.")


def test_labels_without_a_mask_are_told_by_their_time(study: Study) -> None:
    tags = build_answer(replace(study, curve=study.curve.assign(images=0.0)))
    reached = next(s.text for s in tags.opening if "reaches Dice" in s.text)
    assert reached.startswith("With no mask (about 6 min of annotation), random reaches Dice ")


def test_the_forecast_comes_first_where_no_arm_has_every_label(study: Study) -> None:
    answer = build_answer(study)
    assert [sentence.href for sentence in answer.opening] == [
        "details.html#cost",
        "details.html#forecast",
    ]
    assert answer.opening[1].text == headline_forecast(study)
    few = replace(study, scores=study.scores[study.scores["arm"] != "full"])
    hrefs = [sentence.href for sentence in build_answer(few).opening]
    assert hrefs == ["details.html#forecast", "details.html#cost"]


def test_an_arm_that_has_bought_every_label_is_compared_with_no_other_budget(study: Study) -> None:
    answer = build_answer(replace(study, curve=study.curve.assign(fraction=1.0)))
    forecast, reached = (sentence.text for sentence in answer.opening)
    assert forecast == headline_forecast(study)
    assert "With all training labels (6 images with those for validation, " in reached
    mean = study.points.query("arm == 'random'")["mean"].iloc[-1]
    assert reached.endswith(f" reaches Dice {mean:.3f}.")
    assert "gives up" not in answer.note


def test_an_arm_that_has_bought_every_label_is_set_beside_its_budget_before(study: Study) -> None:
    rows = study.curve["arm"] == "random"
    share = study.curve["fraction"] / study.curve.loc[rows, "fraction"].max()
    curve = study.curve.assign(fraction=share.where(rows, study.curve["fraction"]))
    _, reached = (sentence.text for sentence in build_answer(replace(study, curve=curve)).opening)
    before, end = study.points.query("arm == 'random'")[["mean"]].itertuples(index=False)
    assert reached.endswith(f" reaches Dice {end.mean:.3f}; with 67% of them {before.mean:.3f}.")


def test_what_fewer_labels_give_up_is_the_planned_contrast(study: Study) -> None:
    row = study.contrasts.iloc[[0]].assign(
        a="random", b="full", difference=-0.052, ci_low=-0.079, ci_high=-0.025
    )
    text = build_answer(replace(study, contrasts=row)).note
    assert " Against full it gives up 0.052, at most 0.079 (95% interval)." in text
    better = row.assign(difference=0.01, ci_low=-0.002, ci_high=0.022)
    text = build_answer(replace(study, contrasts=better)).note
    assert " it gives up nothing on average, at most 0.002 (95% interval)." in text


def test_without_a_planned_contrast_the_loss_is_that_of_the_paired_seeds(study: Study) -> None:
    bare = replace(study, contrasts=study.contrasts.iloc[:0])
    arm = budget_arm(bare)
    assert arm == "initial"
    losses = [b - a for a, b in zip(final(study, arm), final(study, "full"), strict=True)]
    mean = sum(losses) / 5
    most = mean + stats.t.ppf(0.975, 4) * stats.sem(losses)
    assert f"full it gives up {mean:.3f}, at most {most:.3f} (95%" in build_answer(bare).note


def test_the_headline_is_of_the_arm_that_the_plan_compares_with_every_label(study: Study) -> None:
    rows = study.contrasts.iloc[[0, 0]].assign(a=["entropy", "mean_teacher"], b=["initial", "full"])
    assert budget_arm(replace(study, contrasts=rows)) == "mean_teacher"


def test_a_loss_is_a_rise_where_lower_is_better(study: Study) -> None:
    report = {"metric": "image_fpr"}
    row = study.contrasts.iloc[[0]].assign(
        a="random", b="full", metric="image_fpr", difference=0.04, ci_low=-0.01, ci_high=0.09
    )
    changed = replace(study, contrasts=row, params={**study.params, "report": report})
    answer = build_answer(changed)
    assert "random reaches Image false-positive rate" in answer.headline
    assert ", beside the 0." in answer.headline
    assert "it gives up 0.040, at most 0.090" in answer.note


def test_a_study_without_scores_says_so(study: Study) -> None:
    empty = replace(study, curve=study.curve.assign(mean=float("nan")))
    assert "No arm of builtin has a score in Dice" in build_answer(empty).headline


def test_a_study_of_full_arms_claims_no_saving(study: Study) -> None:
    full = study.curve[study.curve["arm"] == "full"]
    text = build_answer(replace(study, curve=full)).headline
    assert "nothing can be said about saving" in text


def test_decided_findings_begin_with_differences_and_claims_that_hold(study: Study) -> None:
    verdicts = [
        "undecided",
        "practically the same",
        "worse",
        "better",
        "cannot be decided with this many seeds",
        "not worse by the margin",
    ]
    claims = ["superior"] * 5 + ["not_worse"]
    rows = study.contrasts.iloc[[0] * 6].assign(verdict=verdicts, claim=claims, margin=0.02)
    answer = build_answer(replace(study, contrasts=rows.reset_index(drop=True)))
    assert [finding.href[-1] for finding in answer.decided] == ["2", "3", "5", "1"]
    assert all(f.lead and f.text.startswith(f.lead) for f in answer.findings)


def test_the_lines_for_a_terminal_hold_the_note(study: Study) -> None:
    answer = build_answer(study)
    assert answer.lines[: len(answer.opening)] == tuple(s.text for s in answer.opening)
    assert answer.note in answer.lines

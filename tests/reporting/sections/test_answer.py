from dataclasses import replace

from scipy import stats

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.answer import build_answer


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
    text = build_answer(study).headline.text
    ratios = [a / b for a, b in zip(final(study, "random"), final(study, "full"), strict=True)]
    mean = sum(ratios) / 5
    half = stats.t.ppf(0.975, 4) * stats.sem(ratios)
    assert text.startswith("With 30% of the training labels (6 images with those for validation, ")
    assert "about 6 min of annotation), random reaches Dice " in text
    assert text.endswith(" Intervals are for further seeds on these 10 test images.")
    assert f"{mean:.0%} [{100 * (mean - half):.0f}, {100 * (mean + half):.0f}] of what full" in text


def test_labels_to_come_near_the_ceiling(study: Study) -> None:
    near = replace(study, params={**study.params, "report": {"goal": 0.5}})
    said = [sentence.text for sentence in build_answer(near).context]
    assert any(
        "fewest labels" in text and "10% of the training labels (2 images" in text for text in said
    )
    far = replace(study, params={**study.params, "report": {"goal": 1.5}})
    assert any("No arm reached 150%" in s.text for s in build_answer(far).context)


def test_lower_is_better_for_some_metrics(study: Study) -> None:
    report = {"metric": "image_fpr"}
    answer = build_answer(replace(study, params={**study.params, "report": report}))
    ends = study.curve.query("metric == 'image_fpr' and arm != 'full'").groupby("arm").tail(1)
    best = ends.sort_values("mean")["arm"].iloc[0]
    assert f"{best} reaches Image false-positive rate" in answer.headline.text
    assert "of what full reaches" not in answer.headline.text


def test_a_study_without_scores_says_so(study: Study) -> None:
    empty = replace(study, curve=study.curve.assign(mean=float("nan")))
    assert "No arm of builtin has a score in Dice" in build_answer(empty).headline.text


def test_a_study_of_full_arms_claims_no_saving(study: Study) -> None:
    full = study.curve[study.curve["arm"] == "full"]
    text = build_answer(replace(study, curve=full)).headline.text
    assert "nothing can be said about saving" in text

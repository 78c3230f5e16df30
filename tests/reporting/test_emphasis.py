from dataclasses import replace

import pandas as pd

from frugalseg.reporting.emphasis import decided_gaps, emphasized, headline_axis, load_headline
from frugalseg.reporting.load.study import Study
from tests.reporting.plan import planned


def test_the_arm_of_the_answer_stands_beside_its_controls_and_its_start(study: Study) -> None:
    assert emphasized(planned(study)) == ("random", "mean_teacher", "entropy", "initial")
    assert emphasized(study) == ("random", "initial")
    only = replace(study, curve=study.curve[study.curve["arm"] == "full"])
    assert emphasized(only) == ()


def test_an_arm_with_a_decided_difference_from_all_labels_is_emphasized(study: Study) -> None:
    rows = study.contrasts.iloc[[0] * 2].assign(
        a=["random", "entropy"], b="full", verdict=["undecided", "worse"]
    )
    assert emphasized(replace(study, contrasts=rows)) == ("random", "initial", "entropy")


def test_without_all_labels_a_decided_difference_from_the_answer_is_emphasized(
    study: Study,
) -> None:
    scores, curve = (table[table["arm"] != "full"] for table in (study.scores, study.curve))
    few = replace(study, scores=scores, curve=curve)
    answer = emphasized(few)[0]
    rows = study.contrasts.iloc[[0] * 2].assign(
        a=["entropy", "mean_teacher"], b=answer, verdict=["worse", "undecided"]
    )
    shown = emphasized(replace(few, contrasts=rows))
    assert answer == shown[0]
    assert "entropy" in shown
    assert "mean_teacher" not in shown


def test_the_first_three_decided_differences_are_marked(study: Study) -> None:
    rows = planned(study).contrasts
    many = pd.concat([rows.iloc[[0]].assign(difference=step / 10) for step in range(5)])
    shown = load_headline(replace(study, contrasts=many))
    assert shown is not None
    assert [gap.difference for gap in shown.gaps] == [0.0, 0.1, 0.2]


def test_decided_differences_join_shown_arms(study: Study) -> None:
    gaps = decided_gaps(planned(study), ["random", "full", "mean_teacher", "entropy"])
    assert [(gap.a, gap.b, gap.difference) for gap in gaps] == [
        ("random", "full", -0.1),
        ("random", "mean_teacher", 0.04),
    ]
    assert decided_gaps(planned(study), ["random", "entropy"]) == ()
    other = planned(study)
    assert decided_gaps(replace(other, contrasts=other.contrasts.assign(at="0.5")), ["full"]) == ()


def test_cost_is_time_where_not_only_images_were_bought(study: Study) -> None:
    axis = headline_axis(study)
    assert axis is not None
    assert axis.key == "images"
    regions = replace(study, labels=study.labels.assign(unit="region"))
    axis = headline_axis(regions)
    assert axis is not None
    assert axis.key == "time"


def test_the_forecast_continues_the_arm_of_the_answer_where_no_arm_shows_all_labels(
    study: Study,
) -> None:
    shown = load_headline(study)
    assert shown is not None
    assert (shown.full is None, shown.forecast) == (False, None)
    ended = replace(study, curve=study.curve.assign(fraction=1.0))
    shown = load_headline(ended)
    assert shown is not None
    assert shown.full is None
    assert "full" in [line.arm for line in (*shown.front, *shown.back)]
    assert shown.forecast is not None
    assert shown.front[0].arm == "random"
    rows = study.table("forecast").query("arm == 'random' and part == 'forecast' and ratio <= 2")
    assert shown.forecast["x"].tolist() == rows["images"].tolist()
    assert shown.forecast["score"].tolist() == rows["score"].tolist()
    flat = study.table("forecast").assign(flat=True)
    shown = load_headline(replace(ended, further={**study.further, "forecast": flat}))
    assert shown is not None
    assert shown.forecast is None

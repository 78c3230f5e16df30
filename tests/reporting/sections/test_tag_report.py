from dataclasses import replace

import pandas as pd

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.tag_report import tag_section


def with_tables(study: Study, source: float) -> Study:
    arm = study.arms[0]
    steps = [(0, "model", 0.2), (0, "model", 0.4), (1, "maps", 0.5)]
    ladder = pd.DataFrame(steps, columns=["step", "kind", "value"])
    ladder = ladder.assign(ladder=arm, arm=arm, metric=study.metric)
    row = {"arm": arm, "seed": 0, "majority": 0.6, "source": source, "model": 0.7}
    shortcut = pd.DataFrame([row | {"agreement": 0.8}])
    return replace(study, further={**study.further, "ladder": ladder, "shortcut": shortcut})


def test_a_study_without_tags_has_no_section(study: Study) -> None:
    assert tag_section(study) is None


def test_steps_are_means_in_their_order(study: Study) -> None:
    report = tag_section(with_tables(study, 0.5))
    assert report is not None
    ladder, shortcut = report.tables
    assert [row[0].text for row in ladder.rows] == ["0", "1"]
    assert ladder.data["mean"].round(9).tolist() == [0.3, 0.5]
    assert ladder.rows[1][2].text == "maps that its pseudo-masks are cut from"
    assert [cell.text for cell in shortcut.rows[0][1:]] == ["60%", "50%", "70%", "80%"]


def test_a_source_that_tells_the_tag_is_warned_of(study: Study) -> None:
    silent = tag_section(with_tables(study, 0.85))
    loud = tag_section(with_tables(study, 1.0))
    assert silent is not None
    assert loud is not None
    assert silent.sentences == ()
    assert (
        "predicts the tag of 100% of the test images; the most frequent tag is right on 60%"
        in loud.sentences[0]
    )
    assert "agrees with the source on 80%" in loud.sentences[0]


def test_where_the_threshold_comes_from_is_said(study: Study) -> None:
    tag = {"arm": study.arms[0], "unit": "tag", "part": "val", "image_id": "a"}
    both = pd.DataFrame([tag, tag | {"arm": study.arms[1]}, tag | {"arm": study.arms[1]}])
    both.loc[2, "unit"] = "image"
    report = tag_section(replace(study, labels=both))
    assert report is not None
    assert "no validation mask was read" in report.sentences[0]
    assert "which its costs include" in report.sentences[1]

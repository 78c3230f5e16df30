from dataclasses import replace

import pandas as pd
import pytest

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.published import final_score, published_section

ENTRY = {"metric": "dice", "value": 0.73, "source": "README", "arm": "random", "name": "Dice"}


def test_without_published_numbers_there_is_no_part(study: Study) -> None:
    assert published_section(study) is None


def test_a_number_stands_beside_both_of_our_arms(study: Study) -> None:
    entry = {**ENTRY, "corrected": "entropy", "corrected_metric": "iou", "threshold": "half"}
    section = published_section(replace(study, params={**study.params, "published": [entry]}))
    assert section is not None
    (row,) = section.tables[0].data.to_dict("records")
    scores = study.scores[(study.scores["round"] == 2) & (study.scores["class"] == "all")]
    ours = scores.query("arm == 'random' and metric == 'dice' and threshold == 'half'")["value"]
    other = scores.query("arm == 'entropy' and metric == 'iou' and threshold == 'validation'")
    assert row["published"] == 0.73
    assert row["ours"] == pytest.approx(ours.mean())
    assert row["ours_sd"] == pytest.approx(ours.std())
    assert row["seeds"] == 5
    assert row["corrected"] == pytest.approx(other["value"].mean())


def test_an_arm_without_scores_leaves_dashes(study: Study) -> None:
    entry = {**ENTRY, "arm": "not run", "corrected": None}
    section = published_section(replace(study, params={**study.params, "published": [entry]}))
    assert section is not None
    texts = dict(
        zip([c.key for c in section.tables[0].columns], section.tables[0].rows[0], strict=True)
    )
    assert (texts["published"].text, texts["ours"].text, texts["seeds"].text) == ("0.730", "–", "0")
    assert texts["corrected"].text == "–"


def test_only_the_last_round_counts() -> None:
    rows = [("a", 1, 0, 0.1), ("a", 2, 0, 0.5), ("a", 2, 1, 0.7)]
    scores = pd.DataFrame(rows, columns=["arm", "round", "seed", "value"])
    scores = scores.assign(metric="dice", threshold="half", **{"class": "all"})
    mean, deviation, seeds = final_score(scores, "a", "dice", "half")
    assert mean == pytest.approx(0.6)
    assert seeds == 2
    assert deviation == pytest.approx(0.1 * 2**0.5)

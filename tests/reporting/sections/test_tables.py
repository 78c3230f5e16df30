from dataclasses import replace

import pytest

from frugalseg.reporting import wording
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.tables import (
    contrast_table,
    purchase_table,
    run_table,
    score_tables,
)
from frugalseg.reporting.table import Table


def column(table: Table, key: str) -> list[str]:
    place = [column.key for column in table.columns].index(key)
    return [row[place].text for row in table.rows]


def test_contrasts_as_they_were_planned(study: Study) -> None:
    table = contrast_table(study)
    assert column(table, "a") == study.contrasts["a"].tolist()
    assert column(table, "difference") == [wording.signed(d) for d in study.contrasts["difference"]]
    assert column(table, "verdict") == study.contrasts["verdict"].tolist()
    assert table.data[list(study.contrasts)].equals(study.contrasts)


def test_each_interval_says_what_it_speaks_of(study: Study) -> None:
    table = contrast_table(study)
    notes = {column.key: column.note for column in table.columns}
    assert notes["interval"] == "for further seeds on these 10 test images"
    assert "new images" in notes["new"]
    rows = study.table("new_images")
    assert column(table, "new") == wording.intervals(rows, "new_low", "new_high")


def test_a_study_without_contrasts_has_an_empty_table(study: Study) -> None:
    assert contrast_table(replace(study, contrasts=study.contrasts.iloc[:0])).rows == ()


def test_optional_columns_may_be_absent(study: Study) -> None:
    few = study.contrasts.drop(columns=["p_wilcoxon", "claim", "reason"])
    keys = [column.key for column in contrast_table(replace(study, contrasts=few)).columns]
    assert "p_wilcoxon" not in keys
    assert "p_adjusted" in keys


def test_scores_are_means_over_seeds(study: Study) -> None:
    tables = list(score_tables(study))
    assert [item.tab for item in tables] == ["Validation threshold", "Threshold 0.5"]
    data = tables[0].data
    row = data[(data["arm"] == "random") & (data["round"] == 2)].iloc[0]
    values = study.scores.query(
        "arm == 'random' and round == 2 and metric == 'recall' and threshold == 'validation'"
    )["value"]
    assert row["recall"] == pytest.approx(values.mean())
    assert row["recall_sd"] == pytest.approx(values.std())


def test_scores_stand_beside_those_of_predicting_nothing(study: Study) -> None:
    table = next(score_tables(study))
    assert column(table, "arm")[-1] == "all background"
    assert column(table, "accuracy")[-1] == "0.900"
    assert column(table, "dice")[-1] == "0.000"
    assert column(table, "round")[-1] == "–"


def test_purchases_are_counted_by_the_round_they_were_made_in(study: Study) -> None:
    table = purchase_table(study)
    assert table is not None
    data = table.data
    bought = data[(data["arm"] == "random") & (data["part"] == "train")]
    assert bought["labels"].tolist() == [2, 2, 2]
    assert bought["seconds"].tolist() == [120, 120, 120]
    assert purchase_table(replace(study, labels=study.labels.iloc[:0])) is None


def test_an_arm_with_fewer_seeds_is_averaged_over_its_own(study: Study) -> None:
    labels = study.labels
    fewer = labels[(labels["arm"] != "random") | (labels["seed"] < 2)]
    table = purchase_table(replace(study, labels=fewer))
    assert table is not None
    rows = table.data[table.data["arm"] == "random"]
    assert rows[rows["part"] == "train"]["labels"].tolist() == [2, 2, 2]


def test_trainings(study: Study) -> None:
    table = run_table(study)
    assert table is not None
    assert column(table, "seconds") == ["40 s"] * 7
    assert column(table, "steps") == ["60"] * 7
    assert column(table, "arm")[:3] == ["full", "initial", "random"]
    assert run_table(replace(study, runs=())) is None


def test_scores_start_with_validation_threshold_and_dice(study: Study) -> None:
    shuffled = replace(study, scores=study.scores[::-1])
    tables = list(score_tables(shuffled))
    assert tables[0].tab == "Validation threshold"
    assert [c.key for c in tables[0].columns][4:6] == ["dice", "dice_pooled"]

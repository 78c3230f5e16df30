from dataclasses import replace

import pandas as pd
import pytest

from frugalseg.reporting.load.defects import measure
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.card_tables import (
    balance_table,
    class_pixels,
    part_counts,
    part_table,
)
from frugalseg.reporting.table import Table


def rows(table: Table | None) -> dict[str, list[str]]:
    assert table is not None
    return {row[0].text: [cell.text for cell in row[1:]] for row in table.rows}


def defects_of(study: Study) -> pd.DataFrame:
    return measure(study.masks, study.index["image_id"].tolist(), study.classes)


def test_one_row_a_part_in_order(study: Study) -> None:
    found = rows(part_table(study, part_counts(study, defects_of(study))))
    # 40 images, the first 24 with a defect; every fourth is for the test, the next for validation
    assert list(found) == ["training", "validation", "test"]
    assert [cells[:3] for cells in found.values()] == [
        ["20", "12", "8"],
        ["10", "6", "4"],
        ["10", "6", "4"],
    ]


def test_a_number_that_differs_between_seeds_is_a_range(study: Study) -> None:
    parts = study.parts.copy()
    parts.loc[(parts["seed"] == 0) & (parts["image_id"] == "image-000"), "part"] = "train"
    changed = replace(study, parts=parts)
    found = rows(part_table(changed, part_counts(changed, defects_of(study))))
    assert found["training"][:3] == ["20–21", "12–13", "8"]
    assert found["test"][:3] == ["9–10", "5–6", "4"]


def test_shares_are_of_the_labelable_pixels(study: Study) -> None:
    counts = part_counts(study, defects_of(study))
    test = counts[(counts["part"] == "test") & (counts["seed"] == 0)].iloc[0]
    own = study.index.iloc[::4]
    assert test["share"] == pytest.approx(own["foreground"].sum() / own["pixels"].sum())


def test_images_without_masks_have_no_share(study: Study) -> None:
    index = study.index.assign(has_mask=False)
    parts = study.parts.assign(part="unlabeled")
    bare = replace(study, index=index, parts=parts)
    found = rows(part_table(bare, part_counts(bare, defects_of(study).iloc[:0])))
    assert found == {"without masks": ["40", "–", "–", "–"]}


def test_several_classes_have_a_column_each(study: Study) -> None:
    both = replace(study, card={**study.card, "classes": ["defect", "images"]})
    table = part_table(both, part_counts(both, defects_of(study)))
    assert table is not None
    assert [column.label for column in table.columns][4:6] == ["defect", "images"]
    assert rows(table)["test"][3:5] == ["6", "0"]


def test_without_splits_there_is_no_table(study: Study) -> None:
    bare = replace(study, parts=pd.DataFrame(columns=["seed"]))
    assert part_table(bare, part_counts(bare, defects_of(study))) is None


def test_the_balance_of_classes_by_hand(study: Study) -> None:
    masks = [True, True, True, False]
    four = study.index.iloc[:4].assign(pixels=[100, 100, 50, 100], has_mask=masks)
    parts = pd.DataFrame(
        {
            "seed": [0, 0, 0, 0, 1, 1, 1, 1],
            "image_id": four["image_id"].tolist() * 2,
            "part": ["train", "train", "test", "unlabeled", "test", "train", "train", "unlabeled"],
        }
    )
    ids = four["image_id"].tolist()
    defects = pd.DataFrame(
        {"image_id": [ids[0], ids[0], ids[2]], "class": ["pit", "<b>", "pit"], "area": [10, 30, 5]}
    )
    card = {**study.card, "classes": ["pit", "<b>", "rare"]}
    changed = replace(study, index=four, parts=parts, card=card)
    table = balance_table(changed, class_pixels(changed, defects))
    assert table is not None
    assert [column.label for column in table.columns[1:]] == ["Background", "pit", "<b>", "rare"]
    assert rows(table) == {
        # seed 0: 200 pixels, 10 and 30 of them of a class; seed 1: 150, 5 of them
        "training": ["80%–97%", "3.3%–5.0%", "0%–15%", "0%"],
        "test": ["60%–90%", "10%", "0%–30%", "0%"],
        "without masks": ["–", "–", "–", "–"],
    }


def test_one_class_has_no_balance_of_its_own(study: Study) -> None:
    assert balance_table(study, class_pixels(study, defects_of(study))) is None

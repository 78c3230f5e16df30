from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from frugalseg.reporting.load.defects import measure
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.card_tables import class_pixels, compare_tags, part_counts
from frugalseg.reporting.sections.card_warnings import card_warnings


def said(study: Study, defects: pd.DataFrame | None = None) -> str:
    found = measure(study.masks, study.index["image_id"].tolist(), study.classes)
    defects = found if defects is None else defects
    counts, sums = part_counts(study, defects), class_pixels(study, defects)
    tags = compare_tags(study, defects)
    return "\n".join(card_warnings(study, defects, counts, sums, tags))


def with_card(study: Study, **changes: Any) -> Study:
    return replace(study, card={**study.card, **changes})


def test_few_test_images_with_a_defect(study: Study) -> None:
    assert said(study) == (
        "Only 6 test images with a defect: a single image moves the mean Dice by up to 0.17. "
        "Differences between arms will hardly show."
    )


def test_official_validation_images_that_no_arm_uses(study: Study) -> None:
    unused = replace(study, params={**study.params, "uses_split": False})
    number = int((study.parts["part"] == "val").sum() / study.parts["seed"].nunique())
    assert f"{number} validation images of the official split, and no arm" in said(unused)
    assert "official split" not in said(study)


@pytest.mark.parametrize(
    ("rule", "hint"),
    [
        ({"method": "otsu", "threshold": None}, "set mask: {method: index}"),
        ({"method": "equals", "threshold": None}, "The mask method is equals"),
    ],
)
def test_masks_that_all_came_out_empty(study: Study, rule: Mapping[str, Any], hint: str) -> None:
    index = study.index.assign(foreground=0, image_label="0")
    empty = replace(with_card(study, mask=rule), index=index)
    text = said(empty, pd.DataFrame(columns=["image_id", "class", "area"]))
    assert text.startswith("All 40 masks came out empty.")
    assert hint in text


def test_gray_levels_that_are_no_two_populations(study: Study) -> None:
    rule = {"method": "otsu", "threshold": 90.0, "separability": 0.55}
    assert "separability 0.55" in said(with_card(study, mask=rule))


def test_no_mask_at_all(study: Study) -> None:
    bare = replace(study, index=study.index.assign(has_mask=False))
    assert said(bare).startswith("No image has a mask")


def test_tags_that_contradict_masks_are_named(study: Study) -> None:
    index = study.index.copy()
    index.loc[:6, "image_label"] = "0"
    text = said(replace(study, index=index))
    assert "Tag and mask disagree on 7 images: image-000, image-001, " in text
    assert "image-004 and 2 more." in text


def test_a_class_that_a_part_lacks(study: Study) -> None:
    text = said(with_card(study, classes=["defect", "pit"]))
    for part in ("training", "validation", "test"):
        assert f"No {part} image holds pit." in text
    parts = study.parts.copy()
    positive = study.index.loc[study.index["foreground"] > 0, "image_id"]
    gone = (parts["seed"] == 3) & (parts["part"] == "val") & parts["image_id"].isin(positive)
    parts.loc[gone, "part"] = "train"
    assert "No validation image holds defect under seed 3." in said(replace(study, parts=parts))


def test_a_class_of_which_a_part_holds_only_rims(study: Study) -> None:
    defects = measure(study.masks, study.index["image_id"].tolist(), study.classes)
    in_test = study.parts.loc[study.parts["part"] == "test", "image_id"]
    assert "rims" not in said(study, defects)
    rims = defects.assign(area=defects["area"].where(~defects["image_id"].isin(in_test), 1))
    assert (
        "The test images hold at most 6 pixels of defect, less than 5.0% of what as many images "
        "usually hold; these may be rims of other objects. Scores of the class mean little."
    ) in said(study, rims)
    parts = study.parts
    swapped = parts["part"].replace({"train": "test", "test": "train"}).where(parts["seed"] == 3)
    text = said(replace(study, parts=parts.assign(part=swapped.fillna(parts["part"]))), rims)
    assert "training images hold at most 6 pixels of defect under seed 3, less" in text
    assert "under seed 0, 1, 2, 4" in text


def test_a_test_part_without_good_parts(study: Study) -> None:
    holds = study.index["foreground"] > 0
    parts = study.parts[study.parts["image_id"].isin(study.index.loc[holds, "image_id"])]
    assert "No test image is free of defects" in said(replace(study, parts=parts))


def test_duplicates_of_different_masks_and_leaks(study: Study) -> None:
    pairs = {"image_id": ["image-001", "image-003"], "other_id": ["image-002", "image-004"]}
    duplicates = pd.DataFrame({**pairs, "same_mask": ["False", "True"]})
    leaks = pd.DataFrame({**pairs, "seed": [0, 1]})
    text = said(replace(study, further={"duplicates": duplicates, "leaks": leaks}))
    assert "1 pair of duplicate images with different masks: image-001 = image-002." in text
    assert "The split leaks: 2 pairs" in text


def test_defects_too_small_to_see(study: Study) -> None:
    defects = pd.DataFrame({"image_id": "image-000", "class": "defect", "area": [1, 8, 9]})
    assert "2 of 3 defects are smaller than 9 pixels" in said(study, defects)

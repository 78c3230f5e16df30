from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.card import build_card
from frugalseg.reporting.sections.card_masks import mask_sections, mask_table, mask_text

RULE = {
    "method": "otsu",
    "threshold": 127.5,
    "separability": 1.0,
    "files": [
        {"values": "0, 255", "masks": 30, "empty": 0},
        {"values": "0, 1", "masks": 10, "empty": 2},
    ],
    "area_kept": 0.25,
}


def test_values_of_files_stand_in_a_table_with_their_share() -> None:
    table = mask_table(RULE)
    assert table is not None
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["0, 255", "30", "75%", "0"],
        ["0, 1", "10", "25%", "2"],
    ]


def test_separability_does_not_stand_for_single_files() -> None:
    (section,) = mask_sections(RULE)
    assert "that says nothing about a single file" in section.sentences[1]
    assert section.sentences[2].startswith("25% of the defect area")
    assert "separability" not in mask_text(RULE)


def test_masks_read_without_the_threshold_are_counted() -> None:
    (section,) = mask_sections(RULE | {"own_codes": 10})
    assert section.sentences[1].startswith("In 10 masks (25%) everything but 0 is the defect")


@pytest.mark.parametrize("rule", [{}, {"method": "otsu", "separability": 1.0}, {"files": []}])
def test_a_card_of_an_earlier_stack_has_no_section(rule: dict[str, Any]) -> None:
    assert not list(mask_sections(rule))


def test_the_card_has_the_section_and_the_warnings_of_the_stack(study: Study) -> None:
    card = {**study.card, "mask": RULE, "warnings": ["3 masks came out empty."]}
    defects = pd.DataFrame(columns=["image_id", "class", "area"])
    built = build_card(replace(study, card=card), defects)
    assert built.warnings[0] == "3 masks came out empty."
    assert "How masks were read" in [section.title for section in built.sections]

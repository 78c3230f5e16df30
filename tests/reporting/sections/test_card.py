from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from frugalseg.reporting.figures.areas import NAME
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.sections.card import DataCard, build_card, read_defects
from tests.reporting.conftest import Rendered


def card_of(study: Study, defects: pd.DataFrame) -> DataCard:
    return build_card(study, defects)


@pytest.fixture(scope="module")
def defects(rendered: Rendered) -> pd.DataFrame:
    return read_defects(rendered.figures)


def section(card: DataCard, title: str) -> str:
    return " ".join(next(s.sentences for s in card.sections if s.title == title))


def test_the_page_has_the_defects_that_were_drawn(
    rendered: Rendered, defects: pd.DataFrame
) -> None:
    assert defects["area"].sum() == rendered.study.index["foreground"].sum()
    assert all(isinstance(name, str) for name in defects["image_id"])


def test_without_the_figure_there_are_no_defects(tmp_path: Path) -> None:
    found = read_defects(tmp_path)
    assert found.empty
    assert list(found) == ["image_id", "class", "area"]


def test_sections_and_the_figure_among_them(study: Study, defects: pd.DataFrame) -> None:
    card = card_of(study, defects)
    assert [s.title for s in card.sections] == [
        "Parts of the split",
        "Class balance",
        "Defect areas",
        "Image sizes",
        "Tags against masks",
        "Duplicates and groups",
        "What predicting nothing scores",
    ]
    assert [s.figures for s in card.sections if s.figures] == [NAME]
    names = [table.name for s in card.sections for table in s.tables]
    assert len(set(names)) == len(names)


def test_facts_say_whose_and_how_made(study: Study, defects: pd.DataFrame) -> None:
    card = card_of(study, defects)
    assert card.facts["license"] == "CC0-1.0"
    assert card.facts["images"] == "40, 24 of them with a defect"
    assert card.facts["masks"] == (
        "otsu: one threshold for all masks (Otsu 1979); values above 0.5 are defect"
    )
    assert card.files == {
        "source": "builtin:defects",
        "reader": "builtin",
        "archive_sha256": "a" * 64,
    }


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"method": "nonzero"}, "nonzero: every value but 0 is a defect"),
        (
            {"method": "threshold", "threshold": 127.0},
            "threshold: one threshold for all masks; values above 127 are defect",
        ),
        (
            {"method": "otsu", "threshold": None},
            "otsu: one threshold for all masks (Otsu 1979); a single group",
        ),
        ({"method": "otsu_image"}, "otsu_image: a threshold for each mask"),
    ],
)
def test_how_masks_were_read(
    study: Study, defects: pd.DataFrame, rule: dict[str, Any], text: str
) -> None:
    card = card_of(replace(study, card={**study.card, "mask": rule}), defects)
    assert card.facts["masks"].startswith(text)


def test_how_files_were_paired_and_which_were_not_read(study: Study, defects: pd.DataFrame) -> None:
    facts = card_of(study, defects).facts
    assert (facts["pairs"], facts["not read"]) == (None, None)
    pairs = [
        {"rule": "equal names", "images": 30, "examples": [["i/a.png", "m/a.png"]]},
        {"rule": "equal ends", "images": 10, "examples": [["i/b", "m/b"], ["i/c", "m/c"]]},
    ]
    unread = [{"reason": "of the kind .txt", "files": 2, "names": ["readme.txt", "a.txt"]}]
    card = {**study.card, "pairs": pairs, "unread": unread}
    facts = card_of(replace(study, card=card), defects).facts
    assert facts["pairs"] == [
        "75% by equal names, such as i/a.png with m/a.png",
        "25% by equal ends, such as i/b with m/b, i/c with m/c",
    ]
    assert facts["not read"] == ["of the kind .txt (2 files): readme.txt, a.txt"]


def test_sizes_duplicates_and_groups_in_words(study: Study, defects: pd.DataFrame) -> None:
    index = study.index.assign(group="", sha256=[str(k) for k in range(40)])
    card = card_of(replace(study, index=index), defects)
    assert section(card, "Image sizes").startswith("All images are 48 × 64 pixels")
    assert section(card, "Duplicates and groups") == (
        "No two images are equal, pixel by pixel. The images have no groups: every image stands "
        "for itself."
    )
    index = index.assign(height=[100, 120] * 20, sha256="x", group=["g", "h", "h", "h"] * 10)
    card = card_of(replace(study, index=index), defects)
    assert "heights 100 to 120, widths 64 pixels" in section(card, "Image sizes")
    assert section(card, "Duplicates and groups") == (
        "39 images equal to an earlier one, pixel by pixel. "
        "2 groups, of 10 to 30 images each; a group stays on one side."
    )


def test_near_duplicates_are_told_from_exact_ones(study: Study, defects: pd.DataFrame) -> None:
    pairs = pd.DataFrame(
        {"image_id": ["a", "b"], "other_id": ["c", "d"], "kind": ["exact", "near"]}
    )
    card = card_of(replace(study, further={"duplicates": pairs}), defects)
    assert section(card, "Duplicates and groups").startswith(
        "1 pair of equal images, 1 of nearly equal ones."
    )


def test_tiles_are_told_as_tiles(study: Study, defects: pd.DataFrame) -> None:
    index = study.index.assign(
        source_id=[f"i{row // 10}" for row in range(len(study.index))],
        source_height=[400 + row // 20 for row in range(len(study.index))],
        source_width=300,
    )

    def text(**tile: object) -> str:
        how = {"overlap": 0.25, "scale": 1.0, "resize": None, **tile}
        card = {**study.card, "tile": how}
        sections = build_card(replace(study, card=card, index=index), defects).sections
        return next(section for section in sections if section.title == "Image sizes").sentences[0]

    assert "4 images cut, at their own scale, into tiles of 48 × 64 pixels" in text()
    assert "an overlap of 25%" in text()
    card = {**study.card, "tile": {"overlap": 0.0, "scale": 1.0, "resize": None}}
    sections = build_card(replace(study, card=card, index=index), defects).sections
    (sizes,) = next(section for section in sections if section.title == "Image sizes").tables
    found = [[cell.text for cell in row[:2]] for row in sizes.rows]
    assert found == [["400 × 300", "2"], ["401 × 300", "2"]]  # of images, not of tiles
    assert "after shrinking both sides to 0.5 of their length" in text(scale=0.5)
    assert "after resizing them to 96 × 100" in text(resize=[96, 100])

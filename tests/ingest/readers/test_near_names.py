"""Names that are nearly those of a layout."""

from pathlib import Path

import pytest

from frugalseg.ingest.readers.near_names import near_names

NAMES = {
    "images/": frozenset({"img"}),
    "val/": frozenset({"validation"}),
    "unlabeled/": frozenset(),
    "groups.csv": frozenset({"groups"}),
}


def told(folder: Path, *entries: str) -> list[str]:
    for name in entries:
        (folder / name).mkdir(parents=True) if name.endswith("/") else (folder / name).touch()
    return list(near_names(folder, NAMES))


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        ("Images/", "images/"),
        ("IMAGES_/", "images/"),
        ("imges/", "images/"),
        ("image/", "images/"),
        ("img/", "images/"),
        ("validation/", "val/"),
        ("Validation/", "val/"),
        ("un-labeled/", "unlabeled/"),
        ("unlabelled/", "unlabeled/"),
        ("Groups.csv", "groups.csv"),
        ("group.csv", "groups.csv"),
        ("groups", "groups.csv"),
        ("groups.csv.txt", "groups.csv"),
    ],
)
def test_near_name_is_named(tmp_path: Path, entry: str, meant: str) -> None:
    (line,) = told(tmp_path, entry)
    assert line.startswith(f"{tmp_path / entry} is not read, but {meant} would be. Rename it")


@pytest.mark.parametrize(
    "entry",
    ["images/", "images2/", "readme.txt", "vat/", "test_set/", ".Images/", "images", "x/"],
)
def test_other_names_are_left_alone(tmp_path: Path, entry: str) -> None:
    assert told(tmp_path, entry) == []


@pytest.mark.parametrize(
    "entry", ["groups.csv.bak", "groups.csv~", "Groups.csv.orig", "group.json"]
)
def test_a_suffix_that_no_table_has_is_left_alone(tmp_path: Path, entry: str) -> None:
    assert told(tmp_path, entry) == []


def test_another_word_counts_only_where_the_name_is_missing(tmp_path: Path) -> None:
    assert told(tmp_path, "validation/", "val/") == []


def test_no_folder_has_no_names(tmp_path: Path) -> None:
    assert list(near_names(tmp_path / "none", NAMES)) == []

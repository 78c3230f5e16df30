"""How files were paired, and which are not read."""

from pathlib import Path

import pytest

from frugalseg.ingest.listing import (
    SHOWN,
    PairRule,
    Unread,
    list_other_pictures,
    list_unread,
    summarize_pairs,
)
from frugalseg.ingest.sample import Item


def touch(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return [folder / name for name in names]


def test_every_other_file_is_counted_once(tmp_path: Path) -> None:
    read = touch(tmp_path, "images/a.png", "masks/a.png", "groups.csv")
    touch(tmp_path, "images/b.HEIC", "images/c.heic", "images/d.npy", "README", "notes.txt")
    touch(tmp_path, "images/raw/x.png", "images/raw/deep/y.png", "old/z.png")
    (tmp_path / "empty").mkdir()
    assert list_unread(tmp_path, read, ["images/._a.png"]) == [
        Unread("hidden, or added by a system", 1, ["images/._a.png"]),
        Unread("in a folder outside the layout", 3, ["empty/", "old/", "images/raw/"]),
        Unread("of the kind .txt", 1, ["notes.txt"]),
        Unread("outside the layout", 1, ["images/d.npy"]),
        Unread(
            "pictures of the kind .heic, to be saved as PNG or TIFF",
            2,
            ["images/b.HEIC", "images/c.heic"],
        ),
        Unread("without a suffix", 1, ["README"]),
    ]


def test_all_read_leaves_nothing(tmp_path: Path) -> None:
    assert list_unread(tmp_path, touch(tmp_path, "images/a.png", "masks/a.png")) == []


def test_the_current_folder_is_listed_as_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    read = touch(Path(), "a.png", "images/a.png")
    touch(Path(), "b.txt", "images/b.txt")
    assert list_unread(Path(), read) == [Unread("of the kind .txt", 2, ["b.txt", "images/b.txt"])]


def test_many_names_are_cut(tmp_path: Path) -> None:
    read = touch(tmp_path, "a.png")
    touch(tmp_path, *(f"{n:03}.txt" for n in range(100)))
    (kind,) = list_unread(tmp_path, read)
    assert (kind.files, len(kind.names)) == (100, SHOWN + 1)
    assert kind.text().startswith("not read, of the kind .txt (100 files): 000.txt, 001.txt")
    assert kind.text().endswith("019.txt, and 80 more")


def test_three_pairs_of_each_rule_are_shown() -> None:
    root = Path("data")
    items = [Item(str(n), root / f"i/{n}", root / f"m/{n}", paired_by="x") for n in range(5)]
    items += [Item("t", root / "i/t", root / "m/t"), Item("u", root / "u")]
    rules = summarize_pairs(items, root)
    assert rules == [
        PairRule("x", 5, [("i/0", "m/0"), ("i/2", "m/2"), ("i/4", "m/4")]),
        PairRule("the layout of the data set", 1, [("i/t", "m/t")]),
    ]
    assert rules[1].text() == (
        "1 pair of image and mask by the layout of the data set, such as i/t with m/t"
    )


def test_pictures_that_are_not_read_are_counted_by_kind(tmp_path: Path) -> None:
    for name in ("a.jp2", "b.JP2", "c.dcm", "d.png", "e.txt"):
        (tmp_path / name).touch()
    assert list_other_pictures(tmp_path) == [
        Unread("pictures of the kind .dcm, to be saved as PNG or TIFF", 1, ["c.dcm"]),
        Unread("pictures of the kind .jp2, to be saved as PNG or TIFF", 2, ["a.jp2", "b.JP2"]),
    ]

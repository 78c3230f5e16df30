"""Images and masks find each other by name, and everything that does not fit is told at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.pairing import (
    bare_stem,
    find_layout,
    image_id,
    list_files,
    natural_order,
    number,
    pair,
    refuse,
    stem,
)


def paths(*names: str) -> list[Path]:
    return [Path(name) for name in names]


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a_GT.png", "a"),
        ("Part1_label.bmp", "Part1"),
        ("train_1_anno.bmp", "train_1"),
        ("x-mask.png", "x"),
        ("y segmentation.png", "y segmentation"),
        ("mask.png", "mask"),
        ("a.tif_mask.png", "a"),
        ("a_mask.jpg.png", "a"),
        ("scan.nii.png", "scan"),
        ("v1.5.png", "v1.5"),
    ],
)
def test_bare_stem(name: str, expected: str) -> None:
    assert bare_stem(Path(name)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("image_v2_00.tif", "0"),
        ("mask_000_inv.npy", "0"),
        ("slice010.tif", "10"),
        ("mask.npy", None),
        ("a²3.png", "3"),
    ],
)
def test_number(name: str, expected: str | None) -> None:
    assert number(Path(name)) == expected


def test_pair_lists_everything_that_does_not_fit() -> None:
    pairs, problems = pair(
        paths("1.png", "2.png", "3.png", "3.jpg"), paths("1.bmp", "3.bmp", "4.bmp", "4.png")
    )
    assert pairs == [(Path("1.png"), Path("1.bmp")), (Path("3.png"), Path("3.bmp"))]
    assert problems == [
        "several masks of one name '4': 4.bmp, 4.png",
        "several images of one name '3': 3.png, 3.jpg",
        "image without a mask: 2.png",
        "mask without an image: 4.bmp",
    ]


def test_stems_are_normalized() -> None:
    assert stem(Path("Ri\u0301o.png")) == "R\u00edo"


def test_files_are_listed_in_natural_order_without_clutter(tmp_path: Path) -> None:
    touch(tmp_path, "img10.PNG", "img9.png", "._img9.png", ".DS_Store", "Thumbs.db", "notes.txt")
    (tmp_path / "folder.png").mkdir()
    assert [path.name for path in list_files(tmp_path, {".png"})] == ["img9.png", "img10.PNG"]


def test_no_folder_has_no_files(tmp_path: Path) -> None:
    assert list_files(tmp_path / "none", {".png"}) == []


@given(st.lists(st.text("ab019_", min_size=1, max_size=9), max_size=8))
def test_natural_order_is_one_order(names: list[str]) -> None:
    ordered = sorted(paths(*names), key=natural_order)
    assert ordered == sorted(reversed(ordered), key=natural_order)  # noqa: C414


@pytest.mark.parametrize("wrapped", ["", "data (v 2)", "a/b/c"])
def test_layout_is_found_below_wrapping_folders(tmp_path: Path, wrapped: str) -> None:
    touch(tmp_path, f"./{wrapped}/images/a.png", "__MACOSX/images/._a.png")
    found = find_layout(tmp_path, lambda folder: (folder / "images").is_dir(), "images/")
    assert found == tmp_path / wrapped


def test_layout_that_is_missing_tells_what_is_there(tmp_path: Path) -> None:
    touch(tmp_path, "pictures/a.png", "readme.txt")
    with pytest.raises(FrugalsegError, match=r"expected images/, found pictures, readme\.txt"):
        find_layout(tmp_path, lambda folder: (folder / "images").is_dir(), "images/")


def test_layout_that_is_missing_tells_why(tmp_path: Path) -> None:
    touch(tmp_path, "top/Images/a.png")
    with pytest.raises(FrugalsegError, match=r"found top\. see Images\."):
        find_layout(
            tmp_path,
            lambda folder: (folder / "images").is_dir(),
            "images/",
            lambda folder: [f"see {p.name}" for p in folder.glob("I*")],
        )


def test_layout_below_nothing(tmp_path: Path) -> None:
    with pytest.raises(FrugalsegError, match="found nothing"):
        find_layout(tmp_path / "none", lambda folder: (folder / "images").is_dir(), "images/")


def test_layout_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    touch(tmp_path, "a/images/x.png", "b/images/x.png")
    with pytest.raises(FrugalsegError, match="once, found it in"):
        find_layout(tmp_path, lambda folder: (folder / "images").is_dir(), "images/")


def test_image_ids_of_plain_names_are_the_names() -> None:
    assert [image_id(name) for name in ("train/10000", "a-b_c.d")] == ["train/10000", "a-b_c.d"]


@given(st.sets(st.text(min_size=1, max_size=6)))
def test_image_ids_are_plain_and_differ(names: set[str]) -> None:
    ids = [image_id(name) for name in sorted(names)]
    assert len(set(ids)) == len(names)
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/")
    assert set("".join(ids)) <= allowed


def test_refuse_lists_all_problems_at_once() -> None:
    with pytest.raises(FrugalsegError) as error:
        refuse(Path("data"), [f"image without a mask: {n}.png" for n in range(120)], "Draw them.")
    text = str(error.value)
    assert text.startswith("data: 120 files do not fit together:")
    assert "99.png" in text
    assert text.endswith("and 20 more\nDraw them.")


def test_refuse_nothing() -> None:
    refuse(Path("data"), [], "")

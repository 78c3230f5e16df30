"""What of a user's folder is paired, nearly named, not read, or skipped."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.readers.folder import Folder


def draw(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.zeros((2, 3), np.uint8)).save(root / name)


def ids(root: Path) -> list[tuple[str, str | None]]:
    return [(item.image_id, item.split) for item in Folder().items(root)]


def test_unicode_forms_of_one_name_pair(tmp_path: Path) -> None:
    draw(tmp_path, "images/R\u00edo.png", "masks/Ri\u0301o.png", "images/b.png", "masks/b.png")
    draw(tmp_path, "unlabeled/o\u0308.png", "masks/\u00f6_mask.png")
    items = Folder().items(tmp_path)
    assert [item.mask is not None for item in items] == [True] * 3
    assert {item.paired_by for item in items} == {"equal names"}


def test_the_rule_of_a_public_data_set(tmp_path: Path) -> None:
    draw(tmp_path, "train/images/21_training.tif", "train/images/22_training.tif")
    draw(tmp_path, "train/masks/21_manual1.gif", "train/masks/22_manual1.gif")
    draw(tmp_path, "test/images/01_test.tif", "test/masks/01_manual1.gif")
    items = Folder().items(tmp_path)
    assert [item.mask and item.mask.name for item in items] == [
        "21_manual1.gif",
        "22_manual1.gif",
        "01_manual1.gif",
    ]
    assert [item.paired_by for item in items] == [
        "equal names but for what all images or all masks share",
        "equal names but for what all images or all masks share",
        "equal beginnings of the names",
    ]


def test_a_pattern_decides(tmp_path: Path) -> None:
    draw(tmp_path, "images/1_2.png", "images/2_1.png", "masks/1_x_1.png", "masks/2_x_2.png")
    with pytest.raises(FrugalsegError, match="two ways"):
        Folder().items(tmp_path)
    items = Folder(pair=r"^(\d+)_").items(tmp_path)
    assert [item.mask and item.mask.name for item in items] == ["1_x_1.png", "2_x_2.png"]


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        ("validation/images/v.png", "val/"),
        ("Test/images/t.png", "test/"),
        ("unlabelled/u.png", "unlabeled/"),
        ("Groups.csv", "groups.csv"),
        ("test/image/t.png", "images/"),
        ("val/mask/t.png", "masks/"),
        ("unlabeled/image/u.png", "images/"),
    ],
)
def test_nearly_a_known_name_is_an_error(tmp_path: Path, entry: str, meant: str) -> None:
    draw(tmp_path, "images/a.png", "masks/a.png")
    (tmp_path / entry).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / entry).touch()
    with pytest.raises(FrugalsegError, match=f"is not read, but {meant} would be"):
        Folder().items(tmp_path)


def test_nearly_the_names_without_which_nothing_is_found(tmp_path: Path) -> None:
    draw(tmp_path, "top/Images/a.png", "top/Masks/a.png")
    with pytest.raises(
        FrugalsegError, match=r"Images is not read, but images/ would be.*Masks is not"
    ):
        Folder().items(tmp_path)


def test_another_word_for_val_beside_valid_is_not_meant_as_it(tmp_path: Path) -> None:
    for part in ("train", "valid"):
        draw(tmp_path, f"{part}/images/1.png", f"{part}/masks/1.png")
    draw(tmp_path, "validation/notes.png")
    items = Folder().items(tmp_path)
    assert [kind.names for kind in Folder().unread(tmp_path, items)] == [["validation/"]]


def test_what_is_not_read_is_listed(tmp_path: Path) -> None:
    draw(tmp_path, "d/images/a.png", "d/masks/a.png", "d/images/more/b.png", "d/images2/c.png")
    for name in ("images/x.jp2", "images/y.HEIC", "masks/z.heif", "notes.csv", "groups.csv.bak"):
        (tmp_path / "d" / name).touch()
    (tmp_path / "d/groups.csv").write_text("image,group\na,1\n")
    (tmp_path / "readme").touch()
    kinds = Folder().unread(tmp_path, Folder().items(tmp_path))
    assert {name for kind in kinds for name in kind.names} == {
        "d/images/more/",
        "d/images2/",
        "d/groups.csv.bak",
        "d/images/x.jp2",
        "d/images/y.HEIC",
        "d/masks/z.heif",
        "d/notes.csv",
        "readme",
    }
    assert sum(kind.files for kind in kinds) == 8


def test_clutter_is_not_read(tmp_path: Path) -> None:
    draw(tmp_path, "images/a.png", "masks/a.png", "images/._b.png", "images/.c.png")
    draw(tmp_path, ".thumbnails/images/a.png", "images/.ipynb_checkpoints/a.png")
    assert ids(tmp_path) == [("a", None)]

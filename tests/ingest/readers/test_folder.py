"""A user's own folder: binary, index and color masks, official parts, groups, and mistakes."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.masks import apply, fit, histogram
from frugalseg.ingest.readers.folder import Folder
from frugalseg.ingest.sample import Item
from frugalseg.settings.mask import MaskParams

MASK = np.array([[0, 0, 255], [0, 255, 255]], np.uint8)


def draw(root: Path, *names: str, pixels: NDArray[Any] = MASK) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".npy":
            np.save(path, pixels)
        else:
            Image.fromarray(pixels).save(path)


def told(items: list[Item]) -> list[tuple[str, str | None]]:
    return [(item.image_id, item.split) for item in items]


def test_images_and_masks(tmp_path: Path) -> None:
    draw(tmp_path, "images/b10.png", "images/b9.png", "masks/b9.bmp", "masks/b10.png")
    items = Folder().items(tmp_path)
    assert told(items) == [("b9", None), ("b10", None)]
    assert items[0].mask == tmp_path / "masks" / "b9.bmp"
    sample = Folder().load(items[0])
    assert sample.image.shape == (2, 3, 1)
    np.testing.assert_array_equal(sample.mask, MASK)


def test_parts_of_an_official_split(tmp_path: Path) -> None:
    draw(tmp_path, "images/a.png", "masks/a.png", "val/images/a.png", "val/masks/a.png")
    draw(tmp_path, "test/images/a.png", "test/masks/a_mask.png", "unlabeled/u.png")
    items = Folder().items(tmp_path)
    assert told(items) == [
        ("a", None),
        ("val/a", "val"),
        ("test/a", "test"),
        ("unlabeled/u", "unlabeled"),
    ]
    assert items[-1].mask is None
    assert Folder().load(items[-1]).mask is None


def test_an_unlabeled_image_that_got_a_mask_is_a_labeled_one(tmp_path: Path) -> None:
    draw(tmp_path, "images/a1.png", "masks/m1.png", "unlabeled/b2.jpg", "unlabeled/c3.png")
    assert told(Folder().items(tmp_path)) == [  # the first pair goes by number
        ("a1", None),
        ("unlabeled/b2", "unlabeled"),
        ("unlabeled/c3", "unlabeled"),
    ]
    draw(tmp_path, "masks/b2_mask.png")
    items = Folder().items(tmp_path)
    assert told(items) == [("a1", None), ("b2", None), ("unlabeled/c3", "unlabeled")]
    assert items[0].mask == tmp_path / "masks/m1.png"
    assert items[1].mask == tmp_path / "masks/b2_mask.png"


def test_a_mask_of_images_is_not_one_of_unlabeled(tmp_path: Path) -> None:
    draw(tmp_path, "images/a.png", "masks/a.png", "unlabeled/a.png")
    assert told(Folder().items(tmp_path)) == [("a", None), ("unlabeled/a", "unlabeled")]


def test_a_folder_that_began_without_any_mask(tmp_path: Path) -> None:
    draw(tmp_path, "unlabeled/images/a.png", "unlabeled/images/b.png", "masks/a.png")
    assert told(Folder().items(tmp_path)) == [("a", None), ("unlabeled/b", "unlabeled")]
    draw(tmp_path, "masks/z.png")
    with pytest.raises(FrugalsegError, match="mask without an image"):
        Folder().items(tmp_path)


def test_test_folder_may_be_flat(tmp_path: Path) -> None:
    draw(tmp_path, "images/a.png", "masks/a.png", "test/t.jpg", "test/t_mask.png")
    item = Folder().items(tmp_path)[1]
    assert (item.image.name, item.mask and item.mask.name) == ("t.jpg", "t_mask.png")


def test_train_folder_beside_the_others(tmp_path: Path) -> None:
    for part in ("train", "valid", "test"):
        draw(tmp_path, f"top/{part}/images/1.png", f"top/{part}/masks/1.png")
    assert told(Folder().items(tmp_path)) == [
        ("train/1", "train"),
        ("valid/1", "val"),
        ("test/1", "test"),
    ]


def test_unlabeled_images_of_one_stem(tmp_path: Path) -> None:
    draw(tmp_path, "images/a.png", "masks/a.png", "unlabeled/u.png", "unlabeled/u.bmp")
    ids = [item.image_id for item in Folder().items(tmp_path)]
    assert ids == ["a", "unlabeled/u.bmp", "unlabeled/u.png"]


def test_a_mask_never_goes_to_one_of_two_images_of_its_stem(tmp_path: Path) -> None:
    draw(tmp_path, "images/a.png", "masks/a.png", "unlabeled/u.png", "unlabeled/u.bmp")
    draw(tmp_path, "masks/u.png")
    with pytest.raises(FrugalsegError, match=r"masks/u\.png may belong to .*u\.bmp, .*u\.png"):
        Folder().items(tmp_path)
    (tmp_path / "masks/u.png").rename(tmp_path / "masks/u.bmp_mask.png")
    assert told(Folder().items(tmp_path)) == [
        ("a", None),
        ("u.bmp", None),
        ("unlabeled/u.png", "unlabeled"),
    ]
    draw(tmp_path, "masks/u.png.png")
    assert told(Folder().items(tmp_path)) == [("a", None), ("u.bmp", None), ("u.png", None)]


def test_two_masks_of_an_unlabeled_image_are_refused(tmp_path: Path) -> None:
    draw(tmp_path, "images/a.png", "masks/a.png", "unlabeled/u.png")
    draw(tmp_path, "masks/u.png", "masks/u_mask.png")
    with pytest.raises(FrugalsegError, match=r"u\.png has .*masks/u\.png, .*masks/u_mask\.png"):
        Folder().items(tmp_path)


def test_pairing_by_number(tmp_path: Path) -> None:
    draw(tmp_path, "images/image_v2_07.png", "masks/mask_007_inv.npy")
    item = Folder().items(tmp_path)[0]
    assert item.mask is not None
    np.testing.assert_array_equal(Folder().load(item).mask, MASK)


def test_groups(tmp_path: Path) -> None:
    draw(tmp_path, *(f"{kind}/{n}.png" for kind in ("images", "masks") for n in "abc"))
    (tmp_path / "groups.csv").write_text("\ufeffimage,group\r\na.png, part 1\r\nb,part 1\r\n")
    assert [item.group for item in Folder().items(tmp_path)] == ["part 1", "part 1", None]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"image,group\nz.png,1\n", "no image of the name z.png"),
        (b"file,part\na.png,1\n", "expected the columns image and group"),
        (b"", "expected the columns"),
        (b"image,group\n\xff\xfe,1\n", "UTF-8"),
    ],
)
def test_groups_that_do_not_fit(tmp_path: Path, content: bytes, message: str) -> None:
    draw(tmp_path, "images/a.png", "masks/a.png")
    (tmp_path / "groups.csv").write_bytes(content)
    with pytest.raises(FrugalsegError, match=message):
        Folder().items(tmp_path)


def test_all_mistakes_are_listed_at_once(tmp_path: Path) -> None:
    draw(tmp_path, "images/a.png", "masks/a.png", "images/b.png", "masks/c.png")
    draw(tmp_path, "test/images/t.png", "images/d.png", "images/d.bmp", "masks/d.png")
    with pytest.raises(FrugalsegError) as error:
        Folder().items(tmp_path)
    for part in ("b.png", "c.png", "t.png", "d.bmp", "4 files do not fit"):
        assert part in str(error.value)


def test_pictures_of_a_kind_that_is_not_read_are_named_with_the_orphans(tmp_path: Path) -> None:
    draw(tmp_path, "images/a.png", "masks/a.png", "masks/b.png")
    (tmp_path / "images" / "b.jp2").touch()
    with pytest.raises(FrugalsegError) as error:
        Folder().items(tmp_path)
    for part in ("pictures of the kind .jp2", "masks/b.png", "into unlabeled/"):
        assert part in str(error.value)


def test_parts_in_capitals_are_told_by_their_right_names(tmp_path: Path) -> None:
    for part in ("Train", "Test"):
        draw(tmp_path, f"{part}/images/a.png", f"{part}/masks/a.png")
    with pytest.raises(
        FrugalsegError, match=r"once, found it in .*Test is not read, but test/ would"
    ):
        Folder().items(tmp_path)


def test_images_in_two_places_are_refused(tmp_path: Path) -> None:
    for home in ("", "train/"):
        draw(tmp_path, f"{home}images/a.png", f"{home}masks/a.png")
    with pytest.raises(FrugalsegError, match="images both in"):
        Folder().items(tmp_path)


@pytest.mark.parametrize("names", [[], ["photos/a.png"], ["images/readme.txt"]])
def test_no_image_at_all(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    with pytest.raises(FrugalsegError, match="images/"):
        Folder().items(tmp_path)


def test_mask_of_another_size_is_refused(tmp_path: Path) -> None:
    draw(tmp_path, "images/a.png")
    draw(tmp_path, "masks/a.png", pixels=MASK.T)
    with pytest.raises(FrugalsegError, match=r"masks/a\.png.*3 x 2.*images/a\.png of 2 x 3"):
        Folder().load(Folder().items(tmp_path)[0])


def test_color_masks(tmp_path: Path) -> None:
    draw(tmp_path, "images/a.png")
    colors = np.zeros((2, 3, 3), np.uint8)
    colors[0, 0] = (0, 255, 0)
    draw(tmp_path, "masks/a.png", pixels=colors)
    reader = Folder(classes=("pit", "crack"))
    item = reader.items(tmp_path)[0]
    raw = reader.load(item).mask
    assert raw is not None
    rule = fit(MaskParams(colors={"pit": (1, 0, 0), "crack": (0, 255, 0)}), classes=reader.classes)
    np.testing.assert_array_equal(apply(rule, raw, item), [[2, 0, 0], [0, 0, 0]])


def test_palette_masks_as_colors(tmp_path: Path) -> None:
    draw(tmp_path, "images/a.png")
    picture = Image.fromarray(MASK // 255, "P")
    picture.putpalette([0, 0, 0, 0, 255, 0])
    (tmp_path / "masks").mkdir()
    picture.save(tmp_path / "masks" / "a.png")
    item = Folder().items(tmp_path)[0]
    np.testing.assert_array_equal(Folder().load(item).mask, MASK // 255)
    colors = Folder(palette="color").load(item).mask
    assert colors is not None
    np.testing.assert_array_equal(colors[..., 1], MASK)


def test_names_that_no_file_system_likes(tmp_path: Path) -> None:
    draw(tmp_path, "images/Riß 1.png", "masks/Riß 1.png", "images/Riß_1.png", "masks/Riß_1.png")
    ids = [item.image_id for item in Folder().items(tmp_path)]
    assert len(set(ids)) == 2
    assert all(image_id.isascii() and " " not in image_id for image_id in ids)


def test_archive_of_a_user(tmp_path: Path, real_data: Path) -> None:
    with zipfile.ZipFile(real_data / "uav-based-crack-detection-dataset.zip") as file:
        file.extractall(tmp_path)
    reader = Folder()
    items = reader.items(tmp_path)
    assert len(items) == 44
    raws = [reader.load(item).mask for item in items]
    pooled = sum((histogram(raw) for raw in raws if raw is not None), np.zeros(256, np.int64))
    rule = fit(reader.mask, pooled)
    assert rule.separability == pytest.approx(1)
    for item, raw in zip(items, raws, strict=True):
        assert raw is not None
        np.testing.assert_array_equal(apply(rule, raw, item), raw > 127)
        assert raw.any()

"""What all readers share: items of pairs, and one item's pixels read with the reader's options."""

from pathlib import Path

import numpy as np
import pytest
from file_makers import save
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.readers.reader import Reader, make_items
from frugalseg.ingest.sample import Item, Sample

DEEP = np.array([[0, 13107, 65535]], np.uint16)
MASK = np.array([[0, 255, 255]], np.uint8)


def test_items_carry_prefix_and_split() -> None:
    pairs = [(Path("x/a.png"), Path("y/a.bmp")), (Path("x/b.jpg"), Path("y/b.bmp"))]
    assert make_items(pairs, "test/", split="test") == [
        Item("test/a", Path("x/a.png"), Path("y/a.bmp"), "test"),
        Item("test/b", Path("x/b.jpg"), Path("y/b.bmp"), "test"),
    ]


def test_items_carry_further_facts() -> None:
    (item,) = make_items([(Path("x/a.png"), Path("y/a.bmp"))], group="part 1", image_label=(2,))
    assert item == Item("a", Path("x/a.png"), Path("y/a.bmp"), None, "part 1", (2,))


def test_sample_is_image_and_mask(tmp_path: Path) -> None:
    image, mask = save(tmp_path / "a.png", MASK), save(tmp_path / "m.png", MASK)
    sample = Reader().load(Item("a", image, mask))
    np.testing.assert_array_equal(sample.image, MASK[..., np.newaxis])
    np.testing.assert_array_equal(sample.mask, MASK)


def test_item_without_mask_has_none(tmp_path: Path) -> None:
    assert Reader().load(Item("a", save(tmp_path / "a.png", MASK))).mask is None


def test_deep_image_is_scaled_as_the_options_say(tmp_path: Path) -> None:
    """Of 65535, 13107 is a fifth: 51 of 255; a range up to 13107 makes it the brightest."""
    item = Item("a", save(tmp_path / "a.png", DEEP))
    for most, levels in ((65535, [0, 51, 255]), (13107, [0, 255, 255])):
        image = Reader(value_range=(0, most)).load(item).image
        np.testing.assert_array_equal(image[..., 0], [levels])


def test_percentiles_of_the_reader_are_used(tmp_path: Path) -> None:
    """Of 0, 13107 and 65535 the median is 13107, which percentiles (0, 50) make the brightest."""
    item = Item("a", save(tmp_path / "a.png", DEEP))
    image = Reader(percentiles=(0, 50)).load(item).image
    np.testing.assert_array_equal(image[..., 0], [[0, 255, 255]])


def test_limit_of_pixels_holds_for_image_and_mask(tmp_path: Path) -> None:
    small = save(tmp_path / "small.png", MASK)
    large = save(tmp_path / "large.png", np.vstack([MASK, MASK]))
    for item in (Item("a", large, small), Item("a", small, large)):
        with pytest.raises(FrugalsegError, match=r"large\.png.*limit of 3"):
            Reader(max_pixels=3).load(item)


def test_mask_of_another_size_names_both_files(tmp_path: Path) -> None:
    image, mask = save(tmp_path / "a.png", MASK), save(tmp_path / "m.png", MASK.T)
    with pytest.raises(FrugalsegError, match=r"m\.png.*3 x 1.*a\.png of 1 x 3"):
        Reader().load(Item("a", image, mask))


def turned(path: Path, pixels: NDArray[np.uint8], orientation: int) -> Path:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return save(path, pixels, exif=exif)


def load(tmp_path: Path, image: NDArray[np.uint8], mask: Path, orientation: int) -> Sample:
    return Reader().load(Item("a", turned(tmp_path / "a.png", image, orientation), mask))


LYING = np.arange(6, dtype=np.uint8).reshape(2, 3)


def test_a_mask_without_orientation_is_turned_with_its_image(tmp_path: Path) -> None:
    """6: stored lying on its left side, shown turned clockwise by 90 degrees."""
    sample = load(tmp_path, LYING, save(tmp_path / "m.png", LYING), 6)
    np.testing.assert_array_equal(sample.image[..., 0], np.rot90(LYING, -1))
    np.testing.assert_array_equal(sample.mask, np.rot90(LYING, -1))
    assert not sample.notes.turned_alone


def test_a_mask_drawn_on_the_upright_image_stays(tmp_path: Path) -> None:
    upright = np.rot90(LYING, -1)
    sample = load(tmp_path, LYING, save(tmp_path / "m.png", upright.copy()), 6)
    np.testing.assert_array_equal(sample.mask, upright)
    own = load(tmp_path, LYING, turned(tmp_path / "o.png", LYING, 6), 6)
    np.testing.assert_array_equal(own.mask, upright)
    assert not own.notes.turned_alone


@pytest.mark.parametrize(("side", "orientation"), [(3, 6), (2, 3)])
def test_a_mask_of_either_size_is_noted(tmp_path: Path, side: int, orientation: int) -> None:
    """A square image, or one turned by half: the mask fits both ways."""
    pixels = np.arange(side * 3, dtype=np.uint8).reshape(side, 3)
    sample = load(tmp_path, pixels, save(tmp_path / "m.png", pixels), orientation)
    np.testing.assert_array_equal(sample.mask, pixels)
    assert sample.notes.turned_alone

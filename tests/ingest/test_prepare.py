import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.kept import KeptMasks
from frugalseg.ingest.mask.masks import MaskRule, fit, histogram
from frugalseg.ingest.mask.raw import read_mask
from frugalseg.ingest.prepare import (
    as_channels,
    fit_rule,
    label_text,
    ordered_map,
    pixel_hash,
    prepare,
)
from frugalseg.ingest.readers.reader import Reader
from frugalseg.ingest.sample import Item, Sample
from frugalseg.ingest.survey import Survey
from frugalseg.settings.dataset import DataSetParams
from frugalseg.settings.mask import MaskParams

RULE = fit(MaskParams(method="threshold"))
IMAGE = np.full((4, 6, 1), 50, np.uint8)
HALF = np.repeat([[0, 0, 0, 255, 255, 255]], 4, axis=0).astype(np.uint8)


class Memory(Reader):
    """A data set whose images lie in a dictionary; a text stands for a file at fault."""

    name = "memory"

    def __init__(self, masks: dict[str, np.ndarray | str | None]) -> None:
        super().__init__()
        self.masks = masks

    def items(self, root: Path) -> list[Item]:
        return [
            Item(name, root / name, None if mask is None else root / f"{name}_mask")
            for name, mask in self.masks.items()
        ]

    def load(self, item: Item, mask: np.ndarray | None = None) -> Sample:
        found = self.masks[item.image_id] if mask is None else mask
        if isinstance(found, str):
            raise FrugalsegError(f"{item.image}: {found}")
        return Sample(IMAGE, found)

    def load_mask(self, item: Item) -> np.ndarray | None:
        return self.load(item).mask


def prepared(
    dataset: Memory,
    items: list[Item] | None = None,
    kept: KeptMasks | None = None,
    rule: MaskRule = RULE,
) -> list[Any]:
    items = dataset.items(Path("root")) if items is None else items
    settings = DataSetParams.model_construct(image_size=(4, 6))  # smaller than params.yaml allows
    kept, survey = kept or KeptMasks(), Survey(Path("root"))
    return list(prepare(dataset, items, rule, settings, threads=2, kept=kept, survey=survey))


def fitted(dataset: Memory, kept: KeptMasks | None = None) -> MaskRule:
    items = dataset.items(Path("root"))
    survey = Survey(Path("root"))
    return fit_rule(dataset, items, MaskParams(method="otsu"), 2, kept or KeptMasks(), survey)


def test_order_is_kept_and_few_results_wait() -> None:
    started: list[int] = []

    def slow_first(number: int) -> int:
        started.append(number)
        time.sleep(0.05 if number == 0 else 0)
        return number

    results = ordered_map(slow_first, range(50), threads=2)
    assert next(results) == 0
    assert len(started) <= 6  # a window, not all fifty
    assert list(results) == list(range(1, 50))


def test_facts_of_an_image_with_a_mask() -> None:
    (one,) = prepared(Memory({"a": HALF}))
    assert one.image.shape == (4, 6, 3)
    assert one.mask.sum() == 12
    facts = one.facts
    assert (facts["foreground"], facts["pixels"], facts["image_label"]) == (12, 24, "1")
    assert facts["has_mask"] is True


def test_no_mask_is_unlabeled_unless_the_image_is_known_to_hold_nothing() -> None:
    dataset = Memory({"a": None})
    (unlabeled,) = prepared(dataset)
    assert (unlabeled.mask == IGNORE).all()
    assert unlabeled.facts["has_mask"] is False
    assert unlabeled.facts["image_label"] == ""
    (negative,) = prepared(dataset, [Item("a", Path("a"), image_label=())])
    assert not negative.mask.any()
    assert negative.facts["image_label"] == "0"


def test_all_files_at_fault_are_named_at_once() -> None:
    with pytest.raises(FrugalsegError) as error:
        prepared(Memory({"a": HALF, "b": "truncated", "c": HALF, "d": "of 0 bytes"}))
    message = str(error.value)
    assert "2 file(s) cannot be used" in message
    assert "root/b: truncated" in message
    assert "root/d: of 0 bytes" in message


def test_one_threshold_is_fitted_to_all_masks() -> None:
    dataset = Memory({"a": HALF, "b": np.zeros((4, 6), np.uint8), "c": None})
    rule = fitted(dataset)
    assert rule.threshold is not None
    assert 0 <= rule.threshold < 255
    assert rule.separability == pytest.approx(1)


def test_gray_is_repeated_and_color_becomes_luma() -> None:
    assert as_channels(IMAGE, 3).shape == (4, 6, 3)
    color = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], np.uint8)
    assert as_channels(color, 1).ravel().tolist() == [76, 150, 29]
    assert as_channels(color, 3) is color


def test_tags_in_words() -> None:
    assert label_text(None, None) == ""
    assert label_text((), None) == "0"
    assert label_text((2, 3), None) == "2+3"
    assert label_text(None, histogram(np.array([[0, 3, 1, 255]], np.uint8))) == "1+3"


def test_the_hash_is_of_pixels_and_shape() -> None:
    assert pixel_hash(IMAGE) == pixel_hash(IMAGE.copy())
    assert pixel_hash(IMAGE) != pixel_hash(IMAGE.reshape(6, 4, 1))


class Counting(Memory):
    """Counts the images that were read, and the masks that came with them."""

    images = masks_given = 0

    def load(self, item: Item, mask: np.ndarray | None = None) -> Sample:
        self.images += 1
        self.masks_given += mask is not None
        return super().load(item, mask)

    def load_mask(self, item: Item) -> np.ndarray | None:
        return super().load(item).mask


def test_the_threshold_is_fitted_without_reading_an_image() -> None:
    dataset = Counting({"a": HALF, "b": HALF})
    fitted(dataset)
    assert dataset.images == 0


def test_masks_that_the_threshold_was_fitted_to_are_not_read_again() -> None:
    levels = np.array([[0, 64, 128, 191, 255, 255]] * 4, np.uint8)  # too many for a bit a pixel
    deep = np.array([[0, 0, 0, 255, 255, 255]] * 4, np.uint16)  # not kept
    dataset = Counting({"a": HALF, "b": levels, "c": None, "d": deep})
    kept = KeptMasks()
    fitted(dataset, kept)
    done = prepared(dataset, kept=kept)
    assert dataset.masks_given == 2
    assert [one.mask.tolist() for one in done] == [
        one.mask.tolist() for one in prepared(Memory(dataset.masks))
    ]


def test_a_bad_mask_has_all_other_files_at_fault_named_with_it() -> None:
    class BadImage(Memory):
        def load(self, item: Item, mask: np.ndarray | None = None) -> Sample:
            if item.image_id == "c":
                raise FrugalsegError(f"{item.image}: no picture")
            return super().load(item, mask)

        def load_mask(self, item: Item) -> np.ndarray | None:
            return Memory.load(self, item).mask

    dataset = BadImage({"a": HALF, "b": "truncated", "c": None, "d": HALF})
    assert fitted(dataset).threshold is not None
    with pytest.raises(FrugalsegError) as error:
        prepared(dataset)
    assert "2 file(s) cannot be used" in str(error.value)
    assert "root/b: truncated" in str(error.value)
    assert "root/c: no picture" in str(error.value)


def test_class_numbers_in_a_jpeg_are_refused(tmp_path: Path) -> None:
    numbers = np.kron([[0, 1], [2, 3]], np.ones((16, 16))).astype(np.uint8)
    Image.fromarray(numbers).save(tmp_path / "a.jpg", quality=90)
    Image.fromarray(numbers).save(tmp_path / "a.png")

    class OneFile(Memory):
        def items(self, root: Path) -> list[Item]:
            return [Item("a", root / "a", tmp_path / str(self.masks["a"]))]

        def load(self, item: Item, mask: np.ndarray | None = None) -> Sample:
            assert item.mask is not None
            return Sample(np.zeros((32, 32, 1), np.uint8), read_mask(item.mask))

    rule = MaskRule("index", 4)
    assert len(prepared(OneFile({"a": "a.png"}), rule=rule)) == 1
    with pytest.raises(FrugalsegError, match=r"a\.jpg: a JPEG or lossy WebP picture, whose noise"):
        prepared(OneFile({"a": "a.jpg"}), rule=rule)

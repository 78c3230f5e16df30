"""Each method takes the raw values for foreground that it says, and gives them their class."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as hnp
from mask_makers import ITEM, MAP, Pixels, area_of, counts, fitted, jpeg, noise, tagged

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.masks import apply
from frugalseg.ingest.mask.methods import MaskRule, classify


@pytest.mark.parametrize("level", [0, 255])
def test_otsu_of_each_image_leaves_one_population_empty(level: int) -> None:
    rule = fitted("otsu_image")
    assert apply(rule, noise(level), ITEM).sum() == 0
    assert apply(rule, np.full((4, 4), level, np.uint8), ITEM).sum() == 0


def test_otsu_of_each_image_follows_its_contrast() -> None:
    rule = fitted("otsu_image")
    for high in (90, 255):
        raw = np.array([[0, 2, high, high - 3]], np.uint8)
        np.testing.assert_array_equal(apply(rule, raw, ITEM), [[0, 0, 1, 1]])


def test_jpeg_noise_counts_as_foreground_for_nonzero_only() -> None:
    """In the crack set `> 0` gives 1.9 to 3 times the area of `> 127`."""
    drawn = np.zeros((64, 64), np.uint8)
    drawn[20:30, 5:60] = 255
    raw = jpeg(drawn, 50)
    area = area_of(apply(fitted("threshold"), raw, ITEM))
    assert area == 550
    assert area_of(apply(fitted("nonzero"), raw, ITEM)) > area


def test_threshold_is_strict_and_in_raw_units() -> None:
    raw = np.array([[126, 127, 128]], np.uint8)
    np.testing.assert_array_equal(apply(fitted("threshold"), raw, ITEM), [[0, 0, 1]])
    rule = fitted("threshold", threshold=0.5)
    np.testing.assert_array_equal(apply(rule, np.array([[0.0, 1.0]]), ITEM), [[0, 1]])


def test_equals_takes_one_value() -> None:
    """CrackForest: 2 is crack, 3 and 4 are other regions."""
    raw = np.array([[1, 2, 3, 4]], np.uint8)
    np.testing.assert_array_equal(apply(fitted("equals", value=2), raw, ITEM), [[0, 1, 0, 0]])


def test_numbers_in_one_channel_of_three_are_not_read_as_gray() -> None:
    numbers = np.array([[0, 3, 9]], np.uint8)
    red = np.dstack([numbers, numbers * 0, numbers * 0])
    for options in ({"method": "index", "classes": 9}, {"method": "equals", "value": 2}):
        with pytest.raises(FrugalsegError, match="expected numbers of classes, found colors"):
            classify(MaskRule(**options), red, ITEM)  # type: ignore[arg-type]
    gray = np.dstack([numbers] * 3)
    np.testing.assert_array_equal(classify(MaskRule("index", 9), gray, ITEM), numbers)


def test_index_keeps_classes_and_ignore() -> None:
    raw = np.array([[0, 1, 2, 255]], np.uint8)
    np.testing.assert_array_equal(apply(fitted("index", classes=("a", "b")), raw, ITEM), raw)


@pytest.mark.parametrize("raw", [np.array([[0, 3, 3, 9]], np.uint8), np.array([[0, -1.5]])])
def test_index_names_unknown_values(raw: Pixels) -> None:
    with pytest.raises(FrugalsegError, match=r"a_mask\.png: expected classes 0 to 2.*pixels\)"):
        apply(fitted("index", classes=("a", "b")), raw, ITEM)


def test_colors_become_classes() -> None:
    raw = np.array([[[0, 0, 0], [255, 0, 0], [0, 0, 255], [9, 9, 9]]], np.uint8)
    rule = fitted("colors", classes=("a", "b"), colors=MAP)
    np.testing.assert_array_equal(apply(rule, raw, ITEM), [[0, 1, 2, 255]])


def test_unknown_color_is_named_with_its_count() -> None:
    raw = np.array([[[0, 0, 0], [1, 2, 3], [1, 2, 3], [0, 255, 0]]], np.uint8)
    rule = fitted("colors", classes=("a", "b"), colors=MAP)
    with pytest.raises(FrugalsegError) as error:
        apply(rule, raw, ITEM)
    assert str(error.value).startswith("a_mask.png: ")
    assert "(1, 2, 3) (50% of the pixels), (0, 255, 0) (25% of the pixels)" in str(error.value)


def test_colors_need_colors() -> None:
    rule = fitted("colors", classes=("a", "b"), colors=MAP)
    with pytest.raises(FrugalsegError, match="palette"):
        apply(rule, np.zeros((2, 2), np.uint8), ITEM)


BINARY: list[dict[str, Any]] = [
    {"method": "nonzero"},
    {"method": "threshold"},
    {"method": "otsu", "pooled": counts(_0=1, _255=1)},
    {"method": "otsu_image"},
    {"method": "equals", "value": 255},
]


@pytest.mark.parametrize("options", BINARY, ids=lambda options: options["method"])
def test_class_of_a_binary_mask_is_the_one_of_its_tag(options: dict[str, Any]) -> None:
    raw = np.array([[0, 255, 255]], np.uint8)
    rule = fitted(**options, classes=("a", "b", "c"))
    np.testing.assert_array_equal(apply(rule, raw, tagged(3)), [[0, 3, 3]])
    for item in (ITEM, tagged(), tagged(1, 2)):
        with pytest.raises(FrugalsegError, match="tag"):
            apply(rule, raw, item)
        assert apply(rule, np.zeros((2, 2), np.uint8), item).sum() == 0


def test_one_class_needs_no_tag() -> None:
    raw = np.array([[0, 9]], np.uint8)
    np.testing.assert_array_equal(apply(fitted("nonzero"), raw, tagged()), [[0, 1]])


@given(hnp.arrays(np.uint8, (6, 5)))
def test_binary_methods_give_0_and_1_of_the_same_shape(raw: Pixels) -> None:
    for options in BINARY:
        mask = apply(fitted(**options), raw, ITEM)
        assert mask.dtype == np.uint8
        assert mask.shape == raw.shape
        assert set(np.unique(mask)) <= {0, 1}


def test_ten_unknown_values_are_told_most_frequent_first() -> None:
    """Twelve values are unknown; 13 has 9 of the 20 pixels, the others 1 each."""
    raw = np.array([[*range(2, 14), *[13] * 8]], np.uint8)
    told = "13 (45% of the pixels), 2 (5% of the pixels), 3 (5% of the pixels), 4 (5% of the "
    told += "pixels), 5 (5% of the pixels), 6 (5% of the pixels), 7 (5% of the pixels), 8 (5% of "
    told += "the pixels), 9 (5% of the pixels), 10 (5% of the pixels) and 2 more"
    with pytest.raises(FrugalsegError) as error:
        classify(MaskRule("index"), raw, ITEM)
    assert told in str(error.value)


def test_color_with_one_channel_set_is_not_zero() -> None:
    """No gray level is asked for: a saturated color is foreground for `nonzero`."""
    raw = np.array([[[0, 0, 0], [0, 0, 1]]], np.uint8)
    np.testing.assert_array_equal(classify(MaskRule("nonzero"), raw, ITEM), [[0, 1]])

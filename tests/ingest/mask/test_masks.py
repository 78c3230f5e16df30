"""One rule serves a whole data set, and noise never becomes foreground."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mask_makers import ITEM, MAP, Pixels, area_of, fitted, jpeg, noise
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.mask.masks import apply, histogram


def test_one_threshold_for_the_data_set_leaves_noise_empty() -> None:
    drawn = np.zeros((64, 64), np.uint8)
    drawn[20:30, 5:60] = 255
    positive, negative = jpeg(drawn), noise()
    assert negative.max() > 5
    rule = fitted("otsu", histogram(positive) + histogram(negative))
    assert rule.threshold is not None
    assert rule.separability is not None
    assert rule.separability > 0.95
    assert apply(rule, negative, ITEM).sum() == 0
    np.testing.assert_array_equal(apply(rule, positive, ITEM), drawn // 255)


def test_data_set_of_negatives_only_comes_out_empty() -> None:
    pooled = sum((histogram(noise(seed=seed)) for seed in range(3)), np.zeros(256, np.int64))
    rule = fitted("otsu", pooled)
    assert rule.threshold is None
    assert rule.separability is None
    assert apply(rule, noise(), ITEM).sum() == 0


def test_masks_of_0_and_1_are_split_between_them() -> None:
    raw = np.array([[0, 1, 1]], np.uint8)
    rule = fitted("otsu", histogram(raw))
    assert rule.threshold == 0.5
    np.testing.assert_array_equal(apply(rule, raw, ITEM), [[0, 1, 1]])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "ostu"}, "Did you mean 'otsu'"),
        ({"method": "otsu"}, "needs the histogram"),
        ({"method": "colors", "classes": ("a", "b"), "colors": {"a": (1, 1, 1)}}, "lacks b"),
        ({"method": "colors", "classes": ("a",), "colors": MAP}, "Unknown class .* 'b'"),
        ({"method": "colors", "classes": ("a",), "colors": {"a": (0, 0, 256)}}, "0..255"),
        ({"method": "colors", "classes": ("a",), "colors": {"a": (0, 0, 0)}}, "two classes"),
    ],
)
def test_options_that_do_not_fit_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(FrugalsegError, match=message):
        fitted(**options)


def crack_masks(archive: Path) -> dict[str, Pixels]:
    with zipfile.ZipFile(archive) as file:
        names = [name for name in file.namelist() if "/masks/" in name and name.endswith(".jpg")]
        return {
            name: np.asarray(Image.open(io.BytesIO(file.read(name))).convert("L")) for name in names
        }


@pytest.mark.parametrize("method", ["otsu", "otsu_image"])
def test_crack_archive(real_data: Path, method: str) -> None:
    """Every mask of a wall without crack is empty, and the area is that of `> 127` within 5 %."""
    raw = crack_masks(real_data / "crack_segmentation_dataset_SUBSTITUTE.zip")
    rule = fitted(method, sum((histogram(mask) for mask in raw.values()), np.zeros(256, np.int64)))
    areas = {name: area_of(apply(rule, mask, ITEM)) for name, mask in raw.items()}
    known = {name: area_of(mask > 127) for name, mask in raw.items()}
    assert {name for name in raw if "noncrack" in name} == {
        n for n, area in areas.items() if not area
    }
    assert sum(areas.values()) == pytest.approx(sum(known.values()), rel=0.05)
    if method == "otsu":
        for name, area in areas.items():
            assert area == pytest.approx(known[name], rel=0.05), name


def test_crack_archive_with_noise_on_its_negatives(real_data: Path) -> None:
    """The negatives of this substitute are clean; those of the real archive are JPEG noise."""
    raw = crack_masks(real_data / "crack_segmentation_dataset_SUBSTITUTE.zip")
    raw |= {name: noise(seed=n) for n, name in enumerate(raw) if "noncrack" in name}
    rule = fitted("otsu", sum((histogram(mask) for mask in raw.values()), np.zeros(256, np.int64)))
    areas = {name: area_of(apply(rule, mask, ITEM)) for name, mask in raw.items()}
    assert {name for name in raw if "noncrack" in name} == {
        n for n, area in areas.items() if not area
    }


def test_crack_archive_has_noise_that_nonzero_would_count(real_data: Path) -> None:
    raw = crack_masks(real_data / "crack_segmentation_dataset_SUBSTITUTE.zip")
    forest = [mask for name, mask in raw.items() if "CFD" in name]
    nonzero, threshold = fitted("nonzero"), fitted("threshold")
    ratio = [
        area_of(apply(nonzero, mask, ITEM)) / area_of(apply(threshold, mask, ITEM))
        for mask in forest
    ]
    assert min(ratio) > 1.5
    assert 1.9 < np.median(ratio) < 3

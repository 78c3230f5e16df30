from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from frugalseg.reporting.load.study import Study
from frugalseg.reporting.scope import for_new_images, speaks_of, with_new_images

ROW = {"metric": "dice", "claim": "superior", "margin": 0.0, "verdict": "better"}


def with_parts(study: Study, *rows: tuple[str, str, int]) -> Study:
    return replace(study, parts=pd.DataFrame(rows, columns=["image_id", "part", "seed"]))


def test_seeds_share_their_test_images_or_not(study: Study) -> None:
    assert speaks_of(study) == "further seeds on these 10 test images"
    same = with_parts(study, ("i", "test", 0), ("j", "train", 0), ("i", "test", 1))
    assert speaks_of(same) == "further seeds on these 1 test image"
    other = with_parts(study, ("i", "test", 0), ("j", "test", 1))
    assert speaks_of(other) == "further seeds, each on its own test images"
    assert speaks_of(with_parts(study)) == "further seeds, each on its own test images"


def test_tiles_are_counted_as_their_image(study: Study) -> None:
    tiles = with_parts(study, ("i-0", "test", 0), ("i-1", "test", 0), ("j-0", "test", 0))
    index = pd.DataFrame({"image_id": ["i-0", "i-1", "j-0"], "source_id": ["i", "i", "j"]})
    assert speaks_of(replace(tiles, index=index)) == "further seeds on these 2 test images"


def test_contrasts_have_the_interval_beside_them(study: Study) -> None:
    rows = with_new_images(study)
    assert rows["new_low"].equals(study.table("new_images")["new_low"])
    assert with_new_images(replace(study, further={}))["new_low"].isna().all()


@pytest.mark.parametrize(
    ("changes", "low", "high", "end"),
    [
        ({}, np.nan, np.nan, "."),
        ({}, 0.01, 0.09, ", for new images [+0.010, +0.090]."),
        ({"verdict": "undecided"}, -0.01, 0.09, ", for new images [−0.010, +0.090]."),
        (
            {},
            -0.01,
            0.09,
            ". For new images this is open: their interval [−0.010, +0.090] includes 0.",
        ),
        (
            {"claim": "equivalent", "margin": 0.02, "verdict": "practically the same"},
            -0.01,
            0.03,
            ". For new images this is open: their interval [−0.010, +0.030] includes the margin.",
        ),
        (
            {"claim": "not_worse", "margin": 0.02, "verdict": "not worse by the margin"},
            -0.01,
            0.03,
            ", for new images [−0.010, +0.030].",
        ),
        (
            {
                "metric": "image_fpr",
                "claim": "not_worse",
                "margin": 0.02,
                "verdict": "not worse by the margin",
            },
            -0.01,
            0.03,
            ". For new images this is open: their interval [−0.010, +0.030] includes the margin.",
        ),
    ],
)
def test_the_end_of_a_finding(
    changes: dict[str, object], low: float, high: float, end: str
) -> None:
    assert for_new_images({**ROW, **changes, "new_low": low, "new_high": high}) == end

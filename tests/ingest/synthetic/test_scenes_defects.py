"""The scene of binary defects."""

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from frugalseg.ingest.synthetic import defects
from frugalseg.ingest.synthetic.picture import Picture

SMALL = {"images": 18, "test": 0, "size": [64, 64]}


def draw(**options: object) -> list[Picture]:
    return list(defects.draw({**SMALL, **options}))


@pytest.mark.parametrize("share", [0.0, 0.11, 0.5, 1.0])
def test_share_of_pictures_with_a_defect_is_as_asked(share: float) -> None:
    found = [bool(picture.mask.any()) for picture in draw(positives=share)]
    assert sum(found) == int(18 * share + 0.5)


def test_unlabeled_and_test_pictures_are_drawn_apart_from_training_ones() -> None:
    pictures = draw(images=2, test=2, unlabeled=2)
    assert [(p.part, p.number) for p in pictures] == [
        (part, k) for part in ("train", "test", "unlabeled") for k in range(2)
    ]
    assert len({p.image.tobytes() for p in pictures}) == 6


def test_a_defect_changes_the_surface_by_its_contrast() -> None:
    plain: Mapping[str, object] = {
        "kinds": ["crack"],
        "texture_contrast": [0, 0],
        "distractors": [0, 0],
        "defect_contrast": [40, 40],
        "noise": [0, 0],
        "defects": [1, 1],
        "positives": 1.0,
    }
    for picture in draw(**plain):
        inside = picture.mask == 255
        surrounding = picture.image[~inside].astype(float)
        # Cracks are dark; what light there is varies by fewer gray levels than the 40 at its core.
        assert surrounding.mean() - picture.image[inside].min() > 25


def test_no_one_threshold_finds_the_defects() -> None:
    pictures = list(defects.draw({"images": 80, "test": 0}))
    images = np.stack([picture.image for picture in pictures]).astype(float)
    truth = np.stack([picture.mask for picture in pictures]) > 0
    away = np.abs(images - np.median(images, axis=(1, 2), keepdims=True))
    guesses = [images < level for level in range(20, 120, 4)]
    guesses += [images > level for level in range(120, 250, 4)]
    guesses += [away > level for level in range(10, 100, 4)]
    # A small U-Net with every label reaches 0.79 by the same measure.
    assert max(_pooled_dice(guess, truth) for guess in guesses) < 0.4


def _pooled_dice(guess: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    return float(2 * (guess & truth).sum() / (guess.sum() + truth.sum()))

"""Scenes of damaged surfaces: `defects` and `multiclass`, and what they have in common."""

from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from frugalseg.ingest.synthetic import surfaces
from frugalseg.ingest.synthetic.scene import Picture, parse
from frugalseg.ingest.synthetic.surfaces import SurfaceOptions, damage, distract

SMALL = {"images": 18, "test": 0, "size": [64, 64]}


def test_number_and_kinds_of_defects_are_as_asked() -> None:
    options = parse(SurfaceOptions, {"defects": [2, 4], "kinds": ["pit", "stain"]})
    drawn = [damage(options, np.random.default_rng(seed)) for seed in range(30)]
    assert {len(marks) for marks in drawn} == {2, 3, 4}
    assert {mark.kind for marks in drawn for mark in marks} == {"pit", "stain"}


def test_a_pit_is_dark_inside_and_stands_up_around() -> None:
    options = parse(
        SurfaceOptions, {"kinds": ["pit"], "defects": [1, 1], "defect_contrast": [50, 50]}
    )
    for seed in range(10):
        (mark,) = damage(options, np.random.default_rng(seed))
        assert -50 <= mark.relief.min() < -45
        assert mark.relief[mark.inside].max() <= 0
        assert 0 < mark.relief[~mark.inside].max() < 50


def test_a_surface_is_left_alone_where_no_distractor_is_asked_for() -> None:
    flat = np.full((96, 96), 100, dtype=np.float32)
    none = parse(SurfaceOptions, {"distractors": [0, 0]})
    np.testing.assert_array_equal(distract(flat, none, np.random.default_rng(0)), flat)
    some = parse(SurfaceOptions, {"distractors": [2, 2], "distractor_contrast": [30, 40]})
    changed = np.abs(distract(flat, some, np.random.default_rng(0)) - flat)
    assert 25 < changed.max() <= 80


def draw(**options: object) -> list[Picture]:
    return list(surfaces.draw_defects({**SMALL, **options}))


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
    pictures = list(surfaces.draw_defects({"images": 80, "test": 0}))
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


def test_index_is_the_kinds_place_in_the_list_of_classes() -> None:
    options = {"images": 4, "test": 0, "positives": 1.0, "size": [96, 96]}
    for index, kind in enumerate(surfaces.CLASSES, start=1):
        for picture in surfaces.draw_multiclass({**options, "kinds": [kind]}):
            assert picture.image.shape == (96, 96, 3)
            assert set(np.unique(picture.mask).tolist()) == {0, index}


def test_defaults_show_every_class_at_a_size_of_whole_tiles() -> None:
    pictures = list(surfaces.draw_multiclass({"images": 12, "test": 0}))
    assert {picture.mask.shape for picture in pictures} == {(192, 288)}
    seen = set().union(*(np.unique(picture.mask).tolist() for picture in pictures))
    assert seen == {0, 1, 2, 3, 4}

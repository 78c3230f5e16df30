"""What the scenes of damaged surfaces have in common."""

import numpy as np

from frugalseg.ingest.synthetic.options import parse
from frugalseg.ingest.synthetic.surfaces import SurfaceOptions, damage, distract


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

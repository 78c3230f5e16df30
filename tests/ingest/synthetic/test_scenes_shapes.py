"""Coverage maps of single shapes."""

import numpy as np
import pytest

from frugalseg.ingest.synthetic import shapes
from frugalseg.ingest.synthetic.surfaces import DEFECTS, DISTRACTORS


def test_stroke_of_a_straight_line_covers_by_distance() -> None:
    points = np.stack([np.full(41, 5.0), np.linspace(-5, 15, 41)], axis=1)
    cover = shapes.stroke(points, np.full(41, 3.0), (11, 11))
    # Half width 1.5: pixels 1 away lie inside, those 2 away touch it by width / 2 + 0.5 - 2 = 0.
    expected = np.array([0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0])
    np.testing.assert_allclose(cover, np.repeat(expected[:, None], 11, axis=1), atol=1e-6)


def test_stroke_of_changing_width_is_half_covered_at_its_border() -> None:
    points = np.array([[8.0, 4.0], [8.0, 24.0]])
    cover = shapes.stroke(points, np.array([2.0, 6.0]), (17, 32))
    assert (cover[9, 4], cover[11, 24]) == (0.5, 0.5)
    assert cover[11, 4] == 0


def test_stroke_outside_the_picture_leaves_it_empty() -> None:
    points = np.array([[-20.0, -20.0], [-21.0, -30.0]])
    assert not shapes.stroke(points, np.array([2.0, 2.0]), (32, 32)).any()


def test_path_walks_half_pixels_along_its_headings() -> None:
    # Heading 0 points along the columns, pi / 2 down the rows.
    points = shapes.path(np.array([1.0, 1.0]), np.array([0.0, 0.0, np.pi / 2]))
    assert points.round(9).tolist() == [[1, 1.5], [1, 2], [1.5, 2]]


@pytest.mark.parametrize("shape", [*DEFECTS.values(), *DISTRACTORS], ids=lambda s: s.__name__)
def test_coverage_is_a_share_of_the_asked_size(shape: shapes.Shape) -> None:
    for seed in range(20):
        cover = shape((48, 80), np.random.default_rng(seed))
        assert cover.shape == (48, 80)
        assert cover.dtype == np.float32
        assert 0 <= cover.min() <= cover.max() <= 1


@pytest.mark.parametrize("shape", DEFECTS.values(), ids=list(DEFECTS))
def test_every_defect_shows_and_leaves_background(shape: shapes.Shape) -> None:
    shares = [(shape((96, 96), np.random.default_rng(k)) >= 0.5).mean() for k in range(60)]
    assert min(shares) * 96**2 >= 8
    assert max(shares) < 0.25

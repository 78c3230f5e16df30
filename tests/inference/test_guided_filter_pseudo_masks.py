import numpy as np
from numpy.typing import NDArray

from frugalseg.inference.pseudo_masks import guided_filter
from frugalseg.settings.tags import GuidedParams

Image = NDArray[np.float64]


def naive(guide: Image, source: Image, radius: int, eps: float) -> Image:
    """He, Sun and Tang 2013, eq. 5, 6 and 8, window by window; rims mirror."""
    height, width = guide.shape
    side = 2 * radius + 1

    def windows(values: Image) -> Image:
        padded = np.pad(values, radius, mode="symmetric")
        return np.array(
            [
                [padded[y : y + side, x : x + side].ravel() for x in range(width)]
                for y in range(height)
            ]
        )

    i, p = windows(guide), windows(source)
    covariance = (i * p).mean(-1) - i.mean(-1) * p.mean(-1)
    a = covariance / (i.var(-1) + eps)
    b = p.mean(-1) - a * i.mean(-1)
    filtered: Image = windows(a).mean(-1) * guide + windows(b).mean(-1)
    return filtered


def test_it_is_the_formula() -> None:
    rng = np.random.default_rng(0)
    guide, source = rng.random((9, 7)), rng.random((9, 7))
    found = guided_filter(guide, source, GuidedParams(radius=2, epsilon=0.01))
    np.testing.assert_allclose(found, naive(guide, source, 2, 0.01), atol=1e-10)


def test_a_guide_filters_itself_to_itself_where_its_contrast_is_high() -> None:
    guide: Image = np.kron(np.array([[0.0, 1.0], [1.0, 0.0]]), np.ones((8, 8)))
    np.testing.assert_allclose(
        guided_filter(guide, guide, GuidedParams(radius=1, epsilon=1e-9)), guide, atol=1e-6
    )


def test_a_flat_guide_averages() -> None:
    source = np.zeros((9, 9))
    source[4, 4] = 1
    found = guided_filter(np.full((9, 9), 0.5), source, GuidedParams(radius=1, epsilon=1e-3))
    assert found.max() < 0.2
    assert abs(found.sum() - 1) < 1e-6

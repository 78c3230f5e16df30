import numpy as np
import pytest

from frugalseg.ingest.image_size import LEAST_SIDE, choose_size, defect_widths
from frugalseg.settings.dataset import MOST_PIXELS


def strip(width: int, *, angle: str = "across") -> np.ndarray:
    mask = np.zeros((40, 60), bool)
    mask[10 : 10 + width] = True
    return mask if angle == "across" else mask.T


@pytest.mark.parametrize("width", [2, 4, 6, 10])
def test_a_strip_of_even_width_is_measured_exactly(width: int) -> None:
    assert defect_widths(strip(width)).tolist() == pytest.approx([width])
    assert defect_widths(strip(width, angle="down")).tolist() == pytest.approx([width])


def test_every_defect_is_measured_but_specks() -> None:
    mask = strip(2) | np.roll(strip(8), 15, axis=0)
    mask[0, 0:8] = True  # 8 pixels
    assert sorted(defect_widths(mask)) == pytest.approx([2, 8])
    assert defect_widths(np.zeros((4, 4), bool)).size == 0


@pytest.mark.parametrize(
    ("shape", "widths", "size"),
    [
        ((448, 448), [8.0], (256, 256)),  # down to 256
        ((448, 448), [3.0], (288, 288)),  # 448 * 2 / 3 = 299
        ((448, 448), [1.0], (448, 448)),  # never enlarged
        ((448, 448), [], (256, 256)),
        ((640, 220), [8.0], (640, 224)),  # the short side is below 256
        ((60, 100), [8.0], (128, 128)),  # the least
        ((2000, 2000), [2.0], (512, 512)),  # the most
        ((1000, 4000), [2.0], (256, 1024)),
        ((100, 9000), [9.0], (128, 2048)),
    ],
)
def test_the_size_follows_from_images_and_thin_defects(
    shape: tuple[int, int], widths: list[float], size: tuple[int, int]
) -> None:
    chosen = choose_size([shape], np.array(widths))
    assert chosen.size == size
    assert chosen.size[0] * chosen.size[1] <= MOST_PIXELS
    assert min(chosen.size) >= LEAST_SIDE


def test_the_reason_names_the_median_image_and_the_thin_defects() -> None:
    shapes, widths = [(448, 448), (448, 448), (100, 9000)], np.array([3.0, *[9.0] * 4])
    # the 10th percentile of 3, 9, 9, 9, 9 lies at .4 between the first two
    assert choose_size(shapes, widths).reason == (
        "the median image is 448 x 448 pixels; thin defects are 5.4 pixels wide and keep 3.1"
    )


def test_defects_that_the_largest_size_loses_are_told() -> None:
    lost = choose_size([(2000, 2000)], np.array([2.0]))
    assert lost.is_coarse
    assert lost.reason.endswith("keep 0.5; larger ones would exceed 262,144 pixels")
    assert not choose_size([(448, 448)], np.array([1.0])).is_coarse
    assert not choose_size([(448, 448)], np.array([3.0])).is_coarse

import numpy as np

from frugalseg.core.constants import IGNORE
from frugalseg.inference.pseudo_masks import allowed_classes, pseudo_mask


def test_what_lies_between_the_thresholds_is_ignored() -> None:
    maps = np.array([[[0.1, 0.3, 0.5, 0.9]]], np.float32)
    mask = pseudo_mask(maps, np.ones((1, 1, 4), bool), low=0.2, high=0.5)
    assert mask.tolist() == [[0, IGNORE, 1, 1]]


def test_what_a_tag_excludes_is_background_and_another_class_may_win() -> None:
    maps = np.array([[[0.9, 0.9]], [[0.6, 0.6]]], np.float32)
    possible = np.array([[[True, False]], [[True, True]]])
    assert pseudo_mask(maps, possible, low=0.5, high=0.5).tolist() == [[1, 2]]
    nothing = np.zeros((2, 1, 2), bool)
    assert pseudo_mask(maps, nothing, low=float("nan"), high=float("nan")).tolist() == [[0, 0]]


def test_without_a_tag_everything_is_possible() -> None:
    regions = np.array([[0, 1, IGNORE]], np.uint8)
    values = np.array([[1, 0], [0, 0]], np.float32)
    assert allowed_classes(regions, values).tolist() == [
        [[True, False, True]],
        [[False, False, True]],
    ]

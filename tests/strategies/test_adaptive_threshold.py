import pytest
import torch

from frugalseg.strategies.adaptive_threshold import AdaptiveThreshold

PROBS = torch.tensor([0.9, 0.8, 0.4]).reshape(1, 1, 1, 3)
PROBS = torch.cat([PROBS, 1 - PROBS], dim=1)
ALL = torch.ones(1, 1, 3, dtype=torch.bool)


def test_running_means_worked_out_by_hand() -> None:
    threshold = AdaptiveThreshold(classes=2, momentum=0.75)
    threshold.update(PROBS, ALL)
    # confidences .9, .8, .6: mean .7667; classes .7 and .3; a quarter of the way from .5
    assert threshold.confidence.item() == pytest.approx(0.75 * 0.5 + 0.25 * 2.3 / 3)
    assert threshold.probability.tolist() == pytest.approx([0.55, 0.45])


def test_a_rare_class_passes_at_a_lower_confidence() -> None:
    threshold = AdaptiveThreshold(classes=2, momentum=0.0)
    threshold.update(PROBS, ALL)  # .7667 for the background, .7667 * 3 / 7 = .329 for the other
    confidence = torch.tensor([[[0.7, 0.8, 0.7]]])
    pseudo = torch.tensor([[[0, 0, 1]]])
    assert threshold.passed(confidence, pseudo).tolist() == [[[False, True, True]]]


def test_only_valid_pixels_move_the_means() -> None:
    threshold = AdaptiveThreshold(classes=2, momentum=0.0)
    threshold.update(PROBS, ~ALL)
    assert threshold.confidence.item() == 0.5
    threshold.update(PROBS, torch.tensor([[[True, False, False]]]))
    assert threshold.confidence.item() == pytest.approx(0.9)


def test_the_means_are_part_of_the_state() -> None:
    threshold = AdaptiveThreshold(classes=3, momentum=0.9)
    assert set(threshold.state_dict()) == {"confidence", "probability"}

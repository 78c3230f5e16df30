import pytest
import torch

from frugalseg.strategies.adaptive_threshold import AdaptiveThreshold


def of_background(*values: float) -> torch.Tensor:
    """Return probabilities of one image of one row, 1 x 2 x 1 x W."""
    background = torch.tensor(values).reshape(1, 1, 1, -1)
    return torch.cat([background, 1 - background], dim=1)


ALL = torch.ones(1, 1, 3, dtype=torch.bool)


def thresholds(adaptive: AdaptiveThreshold) -> list[float]:
    overall = adaptive.confidence / adaptive.weight
    classes = adaptive.probability[:2]
    return (overall * classes / classes.max()).tolist()


def test_the_first_batch_sets_the_means() -> None:
    adaptive = AdaptiveThreshold(momentum=0.9)
    adaptive.update(of_background(0.9, 0.8, 0.4), ALL)
    # confidences .9, .8, .6: mean 2.3 / 3; classes .7 and .3
    assert thresholds(adaptive) == pytest.approx([2.3 / 3, 2.3 / 3 * 3 / 7])


def test_later_batches_move_them() -> None:
    adaptive = AdaptiveThreshold(momentum=0.5)
    adaptive.update(of_background(0.6, 0.6, 0.6), ALL)
    adaptive.update(of_background(0.9, 0.9, 0.9), ALL)
    # weights .25 and .5: confidence (.15 + .45) / .75 = .8; classes .8 and .2
    assert thresholds(adaptive) == pytest.approx([0.8, 0.2])


def test_a_rare_class_passes_at_a_lower_confidence() -> None:
    adaptive = AdaptiveThreshold(momentum=0.0)
    adaptive.update(of_background(0.9, 0.8, 0.4), ALL)
    assert adaptive.passed(of_background(0.7, 0.8, 0.3)).tolist() == [[[False, True, True]]]


def test_only_valid_pixels_move_the_means() -> None:
    adaptive = AdaptiveThreshold(momentum=0.0)
    adaptive.update(of_background(0.9, 0.8, 0.4), ~ALL)
    assert adaptive.weight.item() == 0
    adaptive.update(of_background(0.9, 0.8, 0.4), torch.tensor([[[True, False, False]]]))
    assert thresholds(adaptive)[0] == pytest.approx(0.9)


def test_the_means_survive_a_checkpoint() -> None:
    adaptive, resumed = AdaptiveThreshold(momentum=0.5), AdaptiveThreshold(momentum=0.5)
    adaptive.update(of_background(0.9, 0.8, 0.4), ALL)
    resumed.load_state_dict(adaptive.state_dict())
    assert thresholds(resumed) == thresholds(adaptive)

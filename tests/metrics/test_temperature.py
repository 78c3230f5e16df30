import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from frugalseg.metrics.temperature import BOUNDS, fit_temperature, temper

LOGITS = np.random.default_rng(0).normal(0, 2, (20_000, 3)).astype(np.float32)


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    return torch.from_numpy(logits).softmax(dim=1).numpy()


def test_tempered_probabilities_are_those_of_divided_logits() -> None:
    np.testing.assert_allclose(
        temper(softmax(LOGITS), 2.5), softmax(LOGITS / np.float32(2.5)), atol=1e-6
    )
    np.testing.assert_array_equal(temper(softmax(LOGITS), 1.0), softmax(LOGITS))


@pytest.mark.parametrize("true", [0.5, 1.0, 3.0])
def test_the_temperature_that_labels_were_drawn_with_is_found(true: float) -> None:
    rng = np.random.default_rng(1)
    drawn = softmax(np.asarray(LOGITS / true, np.float32)).cumsum(axis=1) < rng.random(
        (len(LOGITS), 1)
    )
    target = np.minimum(drawn.sum(axis=1), 2).astype(np.uint8)
    assert fit_temperature(softmax(LOGITS), target) == pytest.approx(true, rel=0.05)


def test_it_is_where_the_slope_of_the_nll_is_zero() -> None:
    target = np.random.default_rng(2).integers(0, 3, len(LOGITS))
    found = fit_temperature(softmax(np.asarray(LOGITS / 4, np.float32)), target.astype(np.uint8))
    # random labels want no confidence at all
    assert found == pytest.approx(BOUNDS[1], rel=0.2)
    target = LOGITS.argmax(axis=1)
    target[::10] = (target[::10] + 1) % 3
    found = fit_temperature(softmax(LOGITS), target.astype(np.uint8))
    temperature = torch.tensor(found, dtype=torch.float64, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(
        torch.from_numpy(LOGITS).double() / temperature, torch.from_numpy(target)
    )
    loss.backward()
    assert temperature.grad is not None
    assert float(temperature.grad) == pytest.approx(0, abs=1e-3)


def test_without_pixels_nothing_is_scaled() -> None:
    assert fit_temperature(np.zeros((0, 2), np.float32), np.zeros(0, np.uint8)) == 1.0

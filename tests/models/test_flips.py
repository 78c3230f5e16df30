import numpy as np
import pytest
import torch
from torch import nn

from frugalseg.models.flips import FlipAverage, average_flips
from frugalseg.models.predict import to_probs


class Column(nn.Module):
    """Answers by place: the first column of pixels is foreground, whatever is in it."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.channels = channels

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        logits = torch.zeros(len(images), self.channels, *images.shape[2:])
        logits[..., -1, :, 0] = np.log(3)  # 3 / 4 of one class, 1 / 4 of the other
        return logits


@pytest.mark.parametrize("channels", [1, 2])
def test_probabilities_are_averaged_over_mirror_images(channels: int) -> None:
    model = FlipAverage(Column(channels), ["horizontal"])
    probs = to_probs(model(torch.zeros(1, 3, 2, 4)))[0, 1]
    assert probs.numpy() == pytest.approx(np.array([[0.625, 0.5, 0.5, 0.625]] * 2))


def test_both_flips_are_four_passes() -> None:
    seen: list[torch.Tensor] = []

    class Seeing(nn.Module):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            seen.append(images)
            return images[:, :1]

    image = torch.arange(6.0).reshape(1, 1, 2, 3)
    answer = FlipAverage(Seeing(), ["horizontal", "vertical"])(image)
    assert [one[0, 0, 0, 0].item() for one in seen] == [0, 2, 3, 5]
    assert torch.allclose(answer, image, atol=1e-3)


def test_without_flips_the_network_stays_as_it_is() -> None:
    model = nn.Identity()
    assert average_flips(model, []) is model

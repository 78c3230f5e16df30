import numpy as np
import torch
from torch import Tensor, nn

from frugalseg.models.predict import predict, to_probs, window_tiling
from frugalseg.models.scaling import Scaling
from frugalseg.models.tiled import Tiling, blend_tiles

CPU, UNIT = torch.device("cpu"), Scaling("unit")
IMAGES = np.random.default_rng(0).integers(0, 256, (3, 40, 56, 3), dtype=np.uint8)
WINDOW = {"size": [16, 24], "overlap": 0.25}


class Mean(nn.Module):
    """Say of every pixel the mean of its window, so that windows matter."""

    def forward(self, images: Tensor) -> Tensor:
        return images.mean(dim=(1, 2, 3), keepdim=True).expand(-1, 1, *images.shape[-2:])


def test_a_card_without_a_window_has_no_tiles() -> None:
    assert window_tiling(None) is None
    assert window_tiling(WINDOW) == Tiling((16, 24), 0.25)


def test_without_a_window_images_are_predicted_at_once() -> None:
    rows = np.array([2, 0])
    ((chosen, probs),) = predict(Mean(), IMAGES, rows, scaling=UNIT, device=CPU)
    assert chosen.tolist() == [2, 0]
    assert torch.equal(probs, to_probs(Mean()(UNIT.tensor(IMAGES[rows], CPU))))


def test_a_window_gives_what_an_image_of_a_user_gets() -> None:
    rows = np.array([2, 0])
    found = list(predict(Mean(), IMAGES, rows, scaling=UNIT, device=CPU, window=WINDOW))
    assert [chosen.tolist() for chosen, _ in found] == [[2], [0]]
    for row, (_, probs) in zip(rows, found, strict=True):
        bands = blend_tiles(
            lambda tiles: to_probs(Mean()(tiles)),
            IMAGES[row],
            tiling=Tiling((16, 24), 0.25),
            scaling=UNIT,
            device=CPU,
        )
        assert probs.shape == (1, 2, 40, 56)
        np.testing.assert_array_equal(probs[0].numpy(), np.concatenate(list(bands), axis=1))


def test_windows_leave_dropout_out() -> None:
    model = nn.Sequential(nn.Dropout(0.9), nn.Conv2d(3, 1, 1)).train()
    one, two = (
        next(predict(model, IMAGES, np.arange(1), scaling=UNIT, device=CPU, window=WINDOW))[1]
        for _ in range(2)
    )
    assert torch.equal(one, two)

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from frugalseg.inference.pseudo_masks import activation_maps, refine
from frugalseg.models.scaling import Scaling
from frugalseg.settings.tags import GuidedParams, PseudoParams

CPU = torch.device("cpu")


class Brightness(nn.Module):
    """Logit 4 where red is above a half, -4 elsewhere; counts what it is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[tuple[int, ...]] = []

    def forward(self, images: Tensor) -> Tensor:
        self.sizes.append(tuple(images.shape[2:]))
        return torch.where(images[:, :1] > 0.5, 4.0, -4.0)


def picture() -> NDArray[np.uint8]:
    images = np.zeros((2, 64, 96, 3), np.uint8)
    images[1, :20, :30] = 255
    return images


def maps(options: PseudoParams, model: nn.Module | None = None) -> list[tuple[int, object]]:
    network = model or Brightness()
    rows = np.array([1, 0])
    return list(
        activation_maps(network, picture(), rows, options, scaling=Scaling("unit"), device=CPU)
    )


def test_flips_are_undone_and_rows_keep_their_order() -> None:
    found = maps(PseudoParams(flips=True))
    assert [row for row, _ in found] == [1, 0]
    inside = np.asarray(found[0][1])[0]
    expected = torch.tensor([4.0, -4.0]).sigmoid().numpy()
    np.testing.assert_allclose(inside[:20, :30], expected[0], rtol=1e-6)
    np.testing.assert_allclose(inside[20:, 30:], expected[1], rtol=1e-4)


def test_scales_are_multiples_of_the_stride_and_maps_keep_the_image_size() -> None:
    model = Brightness()
    found = maps(PseudoParams(scales=[0.5, 2.0], flips=False), model)
    assert set(model.sizes) == {(32, 64), (128, 192)}  # 48 is no multiple of 32: rounded to even
    assert np.asarray(found[0][1]).shape == (1, 64, 96)


def test_refinement_keeps_the_range_and_none_changes_nothing() -> None:
    rng = np.random.default_rng(0)
    found = rng.random((2, 16, 16)).astype(np.float32)
    image = rng.integers(0, 255, (16, 16, 3)).astype(np.uint8)
    assert refine(found, image, None) is found
    drawn = refine(found, image, GuidedParams(radius=2, epsilon=1e-3))
    assert drawn.shape == found.shape
    assert drawn.min() >= 0
    assert drawn.max() <= 1

import numpy as np
import torch
from torch import Tensor, nn

from frugalseg.data.mosaic import Whole
from frugalseg.models.scaling import Scaling
from frugalseg.training.watch import Watcher


class Brightness(nn.Module):
    """Says of each pixel that it is as probably foreground as it is bright."""

    def forward(self, images: Tensor) -> Tensor:
        return images.mean(dim=1, keepdim=True).logit(eps=1e-6)


def test_tiles_are_predicted_and_put_together() -> None:
    images = np.zeros((3, 2, 4, 3), np.uint8)
    images[1, :, :2] = 255
    images[2, :, 1:] = 128
    whole = Whole("a", np.array([[1, 0, 0, 2, 4], [2, 0, 4, 2, 3]]))
    watcher = Watcher(images, (whole,), 1, Scaling("unit"), torch.device("cpu"))
    (bright,) = watcher(Brightness(), 0.9)
    assert bright.dtype == torch.uint8
    assert bright.tolist() == [[1, 1, 0, 0, 0, 0, 0]] * 2
    (dim,) = watcher(Brightness(), 0.4)
    assert dim.tolist() == [[1, 1, 0, 0, 0, 1, 1]] * 2


def test_a_large_image_is_thinned() -> None:
    whole = Whole("a", np.array([[0, 0, 0, 32, 641]]))
    watcher = Watcher(
        np.zeros((1, 32, 641, 3), np.uint8), (whole,), 1, Scaling("unit"), torch.device("cpu")
    )
    (found,) = watcher(Brightness(), 0.5)
    assert tuple(found.shape) == (11, 214)  # every third pixel

import numpy as np
import pytest
import torch

from frugalseg.models.scaling import Scaling

CPU = torch.device("cpu")


def test_unit_scaling_by_hand() -> None:
    images = np.array([[[[0, 51, 255]]]], np.uint8)
    tensor = Scaling("unit").tensor(images, CPU)
    assert tensor.shape == (1, 3, 1, 1)
    assert tensor.flatten().tolist() == pytest.approx([0, 0.2, 1])


def test_imagenet_scaling_by_hand() -> None:
    tensor = Scaling("imagenet").tensor(np.full((1, 2, 2, 3), 255, np.uint8), CPU)
    assert tensor[0, :, 0, 0].tolist() == pytest.approx([2.2489, 2.4286, 2.6400], abs=1e-4)


def test_gray_images_get_the_mean_of_the_channels() -> None:
    tensor = Scaling("imagenet").tensor(np.zeros((1, 1, 1, 1), np.uint8), CPU)
    assert float(tensor) == pytest.approx(-0.449 / 0.226, abs=1e-3)

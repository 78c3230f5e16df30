import numpy as np
import pytest
import torch
from torchvision.transforms.v2.functional import gaussian_blur

from frugalseg.data.blur import _convolve, blur, gaussian_kernel, motion_kernel
from frugalseg.settings.strategy import BlurParams


def images(seed: int = 0, number: int = 6) -> torch.Tensor:
    return torch.rand(number, 3, 24, 32, generator=torch.Generator().manual_seed(seed))


def test_a_gaussian_is_that_of_torchvision() -> None:
    kernels = torch.from_numpy(np.stack([gaussian_kernel(1.3, 9)] * 6))
    expected = gaussian_blur(images(), [9, 9], [1.3, 1.3])
    assert torch.allclose(_convolve(images(), kernels), expected, atol=1e-6)


def test_motion_paths_by_hand() -> None:
    across = np.zeros((5, 5))
    across[2, 1:4] = 1 / 3
    assert np.allclose(motion_kernel(0.0, 3, 5), across)
    assert np.allclose(motion_kernel(np.pi / 2, 3, 5), across.T)
    diagonal = np.zeros((5, 5))
    diagonal[[1, 2, 3], [1, 2, 3]] = 1 / 3
    assert np.allclose(motion_kernel(np.pi / 4, 4, 5), diagonal)  # reaches 1.06 pixels each way


def test_each_image_has_its_own_kernel() -> None:
    kernels = torch.zeros(2, 3, 3)
    kernels[0, 1, 1], kernels[1, 1, 2] = 1, 1  # leave as it is; show the right neighbor
    found = _convolve(images(number=2), kernels)
    assert torch.equal(found[0], images(number=2)[0])
    assert torch.equal(found[1, :, :, :-1], images(number=2)[1, :, :, 1:])


@pytest.mark.parametrize(("p", "blurred"), [(0.0, 0), (1.0, 200), (0.5, 100)])
def test_the_probability_decides_how_many_are_blurred(p: float, blurred: int) -> None:
    before = images(number=200)
    after = blur(before, BlurParams(p=p), np.random.default_rng(0))
    assert after.shape == before.shape
    assert abs(int((after != before).flatten(1).any(1).sum()) - blurred) <= (15 if p == 0.5 else 0)


def test_a_blur_keeps_gray_as_it_is_and_lowers_contrast() -> None:
    rng = np.random.default_rng(1)
    gray = torch.full((4, 1, 16, 16), 0.25)
    assert torch.allclose(blur(gray, BlurParams(p=1.0), rng), gray, atol=1e-6)
    assert (blur(images(), BlurParams(p=1.0), rng).std() < images().std()).all()


def test_images_smaller_than_the_kernel_are_blurred_as_far_as_they_reach() -> None:
    tiny = torch.rand(3, 1, 4, 4)
    assert blur(tiny, BlurParams(p=1.0, motion=31), np.random.default_rng(0)).shape == tiny.shape

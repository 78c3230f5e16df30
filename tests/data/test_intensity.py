import numpy as np
import torch

from frugalseg.data.intensity import jitter


def test_brightness_shifts_the_mean_and_contrast_keeps_it() -> None:
    images = torch.rand(8, 3, 16, 16, generator=torch.Generator().manual_seed(0)) * 0.2 + 0.4
    brighter = jitter(images, brightness=0.1, contrast=0, rng=np.random.default_rng(0))
    shift = (brighter - images).mean(dim=(1, 2, 3))
    assert shift.abs().max() <= 0.1
    assert (brighter - images).std(dim=(1, 2, 3)).max() < 1e-6
    stronger = jitter(images, brightness=0, contrast=0.3, rng=np.random.default_rng(0))
    assert torch.allclose(stronger.mean((1, 2, 3)), images.mean((1, 2, 3)), atol=1e-5)
    ratio = stronger.std(dim=(1, 2, 3)) / images.std(dim=(1, 2, 3))
    assert ratio.min() >= 0.7 - 1e-4
    assert ratio.max() <= 1.3 + 1e-4
    assert ratio.max() > 1.05


def test_the_result_stays_in_range_and_nothing_asked_is_nothing_done() -> None:
    images = torch.rand(4, 1, 8, 8, generator=torch.Generator().manual_seed(0))
    changed = jitter(images, brightness=1.0, contrast=1.0, rng=np.random.default_rng(0))
    assert changed.min() >= 0
    assert changed.max() <= 1
    assert jitter(images, brightness=0, contrast=0, rng=np.random.default_rng(0)) is images

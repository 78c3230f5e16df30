from dataclasses import replace

import numpy as np
import pytest
import torch
from augmentation import augment
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.models.scaling import Scaling
from frugalseg.settings.augment import AffineParams
from frugalseg.settings.strategy import BlurParams, UnlabeledParams
from frugalseg.training.unlabeled import UnlabeledBatches

SIDE = 64
PLAIN = UnlabeledParams(blur=BlurParams(p=0.0))


def coordinates(number: int = 3) -> NDArray[np.uint8]:
    """Return images whose pixels are (row, column, number of the image), far from black."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    stack = [np.stack([rows, columns, np.full_like(rows, i)], -1) for i in range(number)]
    return (90 + np.stack(stack)).astype(np.uint8)


def batches(images: NDArray[np.uint8] | None = None, **changes: object) -> UnlabeledBatches:
    images = coordinates() if images is None else images
    made = UnlabeledBatches(
        images=images,
        rows=np.arange(len(images)),
        content=np.full((len(images), 2), SIDE),
        size=4,
        views=2,
        augment=augment(
            hflip=0.5,
            vflip=0.5,
            rot90=True,
            affine=AffineParams(rotate=10, scale=0.1),
            crop=(32, 32),
        ),
        strong=PLAIN,
        scaling=Scaling("unit"),
        device=torch.device("cpu"),
        key=(0, "arm", 1),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_an_image_of_its_own_coordinates_is_aligned_in_all_views() -> None:
    for step in range(6):
        views = batches()[step]
        assert views.weak.shape == (4, 3, 32, 32)
        for strong in views.strong:  # without intensity changes nothing may differ
            assert torch.equal(strong, views.weak)


def test_blur_and_brightness_move_no_pixel() -> None:
    # a blur of a ramp is the same ramp away from its rim, and brightness adds a constant
    strong = UnlabeledParams(blur=BlurParams(p=1.0), brightness=0.2)
    for step in range(6):
        views = batches(strong=strong, augment=augment(hflip=0.5, rot90=True))[step]
        inner = (..., slice(12, -12), slice(12, -12))
        shift = (views.strong[0] - views.weak)[inner][:, :2].flatten(1)
        assert (shift.std(dim=1) < 1e-3).all()
    assert not torch.equal(views.strong[0], views.weak)
    assert not torch.equal(views.strong[0], views.strong[1])


def test_cutmix_moves_the_targets_with_the_pixels() -> None:
    views = batches(strong=PLAIN.model_copy(update={"cutmix": 1.0}), size=3)[2]
    for view in range(2):
        assert views.boxes[view].any()
        assert torch.equal(views.strong[view], views.mixed(views.weak, view))


def test_a_batch_depends_on_its_step_alone() -> None:
    strong = UnlabeledParams(noise=0.1, contrast=0.1, cutmix=0.5)
    one, two = batches(strong=strong), batches(strong=strong)
    _ = one[0], one[1]
    assert torch.equal(one[7].strong[1], two[7].strong[1])
    assert not torch.equal(one[7].weak, one[8].weak)
    assert not torch.equal(one[7].weak, one[7].strong[0])


def test_padding_and_what_lies_beyond_the_rim_are_not_valid() -> None:
    content = np.array([[SIDE, SIDE // 2]] * 3)
    views = batches(content=content, augment=augment())[0]
    assert views.valid[:, :, : SIDE // 2].all()
    assert not views.valid[:, :, SIDE // 2 :].any()
    larger = batches(augment=augment(crop=(96, 64)))[0]  # padded to the crop
    assert larger.weak.shape[-2:] == (96, 64)
    assert int(larger.valid[0].sum()) == SIDE * SIDE


def test_one_image_is_enough_and_none_is_an_error() -> None:
    assert batches(coordinates(1))[5].weak.shape == (4, 3, 32, 32)
    with pytest.raises(FrugalsegError, match="there are none: every image of the training pool"):
        batches(rows=np.array([], np.int64))

import numpy as np
import pytest
import torch
from augmentation import augment
from hypothesis import given, settings
from hypothesis import strategies as st

from frugalseg.core.constants import IGNORE
from frugalseg.data.geometry import draw, grid, output_size, warp_images, warp_target
from frugalseg.settings.training import AffineParams, AugmentParams

EVERYTHING = augment(
    hflip=0.5, vflip=0.5, rot90=True, affine=AffineParams(p=0.7, shift=0.1, scale=0.2, rotate=20)
)


def coordinates(size: tuple[int, int], batch: int = 4) -> torch.Tensor:
    """Images whose two channels are their own row and column."""
    rows, columns = np.meshgrid(np.arange(size[0]), np.arange(size[1]), indexing="ij")
    one = torch.from_numpy(np.stack([rows, columns]).astype(np.float32))
    return one.expand(batch, -1, -1, -1).contiguous()


def warp(
    options: AugmentParams, target: np.ndarray, seed: int
) -> tuple[torch.Tensor, torch.Tensor]:
    size = target.shape[1:]
    around = np.full(len(target), options.crop is not None)
    maps = draw(options, target, np.random.default_rng(seed), around)
    where = grid(maps, size, output_size(options, (size[0], size[1])))
    images = warp_images(coordinates(size, len(target)), where)
    return images, warp_target(torch.from_numpy(target), where)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([(32, 32), (32, 64)]))
def test_target_and_image_move_together(seed: int, size: tuple[int, int]) -> None:
    # the target's value is its column, so it must equal the image's second channel
    target = np.tile(np.arange(size[1], dtype=np.uint8), (4, size[0], 1))
    images, moved = warp(EVERYTHING, target, seed)
    inside = moved != IGNORE
    distance = (images[:, 1] - moved.float()).abs()[inside]
    assert inside.any()
    assert distance.max() <= 0.5 + 1e-2  # nearest pixel against a bilinear one


def test_nothing_drawn_changes_nothing() -> None:
    target = np.random.default_rng(0).integers(0, 3, (4, 32, 64)).astype(np.uint8)
    images, moved = warp(augment(), target, 0)
    assert torch.equal(moved, torch.from_numpy(target))
    assert torch.allclose(images, coordinates((32, 64)), atol=1e-3)


def test_mirrors_and_quarter_turns_are_exact() -> None:
    target = np.random.default_rng(0).integers(0, 3, (8, 32, 32)).astype(np.uint8)
    _, moved = warp(augment(hflip=0.5, vflip=0.5, rot90=True), target, 3)
    for before, after in zip(target, moved.numpy(), strict=True):
        group = [np.rot90(side, k) for side in (before, before[:, ::-1]) for k in range(4)]
        assert sum(np.array_equal(after, member) for member in group) == 1


def test_an_oblong_frame_is_never_turned_by_a_quarter() -> None:
    target = np.zeros((64, 32, 96), np.uint8)
    _, moved = warp(augment(rot90=True), target, 0)
    assert not (moved == IGNORE).any()


def test_crops_lie_inside_and_find_the_foreground() -> None:
    target = np.zeros((40, 96, 128), np.uint8)
    target[:, 70, 100] = 1
    options = augment(crop=(32, 32), jitter=0.25)
    images, moved = warp(options, target, 0)
    assert moved.shape == (40, 32, 32)
    assert not (moved == IGNORE).any()
    assert (moved == 1).flatten(1).any(dim=1).all()
    assert images[:, 0].unique().numel() > 32  # not all at one place


def test_a_crop_without_foreground_is_drawn_anywhere() -> None:
    target = np.zeros((40, 96, 96), np.uint8)
    images, _ = warp(augment(crop=(32, 32)), target, 0)
    corners = {(int(r), int(c)) for r, c in images[:, :, 0, 0].round()}
    assert len(corners) > 20


def test_beyond_the_rim_the_target_is_ignored() -> None:
    target = np.zeros((16, 32, 32), np.uint8)
    _, moved = warp(augment(affine=AffineParams(p=1.0, shift=0.5)), target, 0)
    assert set(moved.unique().tolist()) == {0, IGNORE}


@pytest.mark.parametrize("seed", [0, 1])
def test_the_same_generator_state_gives_the_same_maps(seed: int) -> None:
    target = np.zeros((3, 32, 32), np.uint8)
    one, two = (draw(EVERYTHING, target, np.random.default_rng(seed)) for _ in range(2))
    assert np.array_equal(one, two)


def test_an_image_is_shifted_with_its_probability() -> None:
    target = np.zeros((200, 32, 32), np.uint8)
    _, moved = warp(augment(affine=AffineParams(p=0.3, shift=0.5)), target, 0)
    share = (moved == IGNORE).flatten(1).any(dim=1).float().mean()
    assert 0.2 < share < 0.4


def test_a_crop_of_a_partly_labeled_image_holds_labeled_pixels() -> None:
    target = np.full((1, 64, 64), IGNORE, np.uint8)
    target[0, 60:, 60:] = 0  # labeled, and no foreground
    options = augment(hflip=0.5, rot90=True, crop=(32, 32), jitter=0.25)
    shares = {}
    for partial in (False, True):
        held = []
        for seed in range(40):
            rng, sought = np.random.default_rng(seed), np.array([partial])
            where = grid(draw(options, target, rng, None, sought), (64, 64), (32, 32))
            moved = warp_target(torch.from_numpy(target), where)
            held.append(bool((moved != IGNORE).any()))
        shares[partial] = np.mean(held)
    assert shares[True] == 1
    assert shares[False] < 0.3


def test_without_crops_nothing_is_sought() -> None:
    target = np.full((1, 32, 32), IGNORE, np.uint8)
    target[0, 0, 0] = 1
    one, other = (
        draw(EVERYTHING, target, np.random.default_rng(0), None, np.array([partial]))
        for partial in (False, True)
    )
    assert np.array_equal(one, other)

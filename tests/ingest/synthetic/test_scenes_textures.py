"""Backgrounds: which side of a photo serves whom, and the fields that are laid over it."""

import numpy as np
import pytest
from skimage import data

from frugalseg.ingest.synthetic.textures import (
    TRAIN_COLUMNS,
    background,
    crop,
    expose,
    load_textures,
    quantize,
    smooth_noise,
)


def test_training_and_test_backgrounds_come_from_disjoint_sides_of_the_photo() -> None:
    photo = data.brick().astype(float)
    standard = (photo - photo.mean()) / photo.std()
    train, test = (load_textures(["brick"], part)["brick"] for part in ("train", "test"))
    np.testing.assert_allclose(np.hstack([train, test]), standard, atol=1e-5)
    assert train.shape == (512, TRAIN_COLUMNS)


@pytest.mark.parametrize("size", [(32, 48), (96, 96), (200, 600), (700, 40)])
def test_a_crop_has_the_asked_size_even_beyond_the_photo(size: tuple[int, int]) -> None:
    texture = load_textures(["gravel"], "test")["gravel"]
    for seed in range(4):
        view = crop(texture, size, np.random.default_rng(seed))
        assert view.shape == size
        assert view.dtype == np.float32
        assert texture.min() - 1e-4 <= view.min() <= view.max() <= texture.max() + 1e-4


def test_background_at_contrast_0_is_light_alone() -> None:
    textures = load_textures(("brick", "grass", "gravel"), "train")
    smooth = background(textures, (64, 64), 0.0, np.random.default_rng(1))
    rough = background(textures, (64, 64), 0.4, np.random.default_rng(1))
    assert np.abs(np.diff(smooth, axis=1)).max() < 1.5
    # The same generator draws the same texture; it is all that differs, at 0.4 * 35 gray levels.
    assert 3 < (rough - smooth).std() < 40


@pytest.mark.parametrize("scale", [2.0, 3.3, 40.0])
def test_smooth_noise_is_standardized_and_smoother_at_larger_scales(scale: float) -> None:
    field = smooth_noise((50, 70), scale, np.random.default_rng(0))
    assert field.shape == (50, 70)
    assert field.mean() == pytest.approx(0, abs=1e-4)
    assert field.std() == pytest.approx(1, abs=1e-3)
    finer = smooth_noise((50, 70), scale / 2, np.random.default_rng(0))
    assert np.abs(np.diff(field)).mean() < np.abs(np.diff(finer)).mean()


def test_quantize_rounds_and_cuts_off() -> None:
    levels = np.array([[-3.0, 0.4, 0.6, 254.6, 400.0]], dtype=np.float32)
    assert quantize(levels).tolist() == [[0, 0, 1, 255, 255]]


def test_expose_adds_noise_of_the_asked_deviation() -> None:
    flat = np.full((200, 200), 120, dtype=np.float32)
    image = expose(flat, 4.0, np.random.default_rng(0))
    assert image.dtype == np.uint8
    # 4 gray levels and the rounding, whose variance is 1/12.
    assert image.std() == pytest.approx((16 + 1 / 12) ** 0.5, abs=0.06)

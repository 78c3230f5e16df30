import io

import imagehash
import numpy as np
import pytest
from PIL import Image, ImageEnhance
from skimage import data

from frugalseg.ingest.duplicates import BITS, hash_words, perceptual_hash

PHOTO = Image.fromarray(data.brick())


def pixels(picture: Image.Image) -> np.ndarray:
    array = np.asarray(picture)
    return array[..., None] if array.ndim == 2 else array


def distance(one: Image.Image, other: Image.Image) -> int:
    words = hash_words([perceptual_hash(pixels(one)), perceptual_hash(pixels(other))])
    return int(np.bitwise_count(words[0] ^ words[1]).sum())


def compressed(quality: int) -> Image.Image:
    buffer = io.BytesIO()
    PHOTO.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


def test_small_pictures_have_the_hash_of_the_library() -> None:
    small = PHOTO.resize((120, 100))
    bits = imagehash.phash(small, hash_size=16).hash.ravel()
    assert perceptual_hash(pixels(small)) == np.packbits(bits).tobytes().hex()
    assert len(bits) == BITS


@pytest.mark.parametrize(
    "altered",
    [
        compressed(75),
        PHOTO.resize((256, 200)),
        ImageEnhance.Contrast(PHOTO).enhance(0.7),
        PHOTO.convert("RGB"),
    ],
    ids=["jpeg", "size", "contrast", "color"],
)
def test_altered_picture_stays_near(altered: Image.Image) -> None:
    assert distance(PHOTO, altered) <= 32


def test_other_pictures_are_far() -> None:
    others = [data.grass(), data.gravel(), data.camera(), data.brick()[::-1]]
    for other in others:
        assert distance(PHOTO, Image.fromarray(other)) > 64


@pytest.mark.parametrize("level", [0, 17, 255])
def test_picture_without_structure_has_no_hash(level: int) -> None:
    noise = np.random.default_rng(level).integers(0, 2, (300, 400, 1), np.uint8)
    assert perceptual_hash(np.full((300, 400, 1), level, np.uint8)) == ""
    assert perceptual_hash(np.full((300, 400, 1), min(level, 254), np.uint8) + noise) == ""


def test_like_light_on_unlike_surfaces_is_no_duplicate() -> None:
    """Dark pictures of one camera share the fall-off of its light, and nothing else."""
    rows, columns = np.mgrid[-1:1:256j, -1:1:256j]
    light = 40 - 12 * (rows**2 + columns**2)
    shots = [
        np.clip(light + np.random.default_rng(seed).normal(0, 3, light.shape), 0, 255)
        for seed in range(2)
    ]
    one, other = (Image.fromarray(shot.astype(np.uint8)) for shot in shots)
    assert distance(one, other) > 32


def test_long_and_tiny_pictures_are_hashed() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (2000, 9, 3), np.uint8)
    assert len(perceptual_hash(noise)) == 64
    assert len(perceptual_hash(noise[:1])) == 64


def test_no_hashes_are_no_words() -> None:
    assert hash_words([]).shape == (0, 4)

"""Backgrounds: photos of brick, grass and gravel that scikit-image's wheel ships (CC0)."""

from collections.abc import Iterable, Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage import data, transform

from frugalseg.ingest.synthetic.scene import Part

Field = NDArray[np.float32]
Size = tuple[int, int]
TextureName = Literal["brick", "grass", "gravel"]

TRAIN_COLUMNS = 344
"""The columns of a photo before this one are for training, the others for testing."""
GRAY_SPREAD = 35.0
"""Standard deviation, in gray levels, of a texture at contrast 1 (that of the photos: 26 to 39)."""


def load_textures(names: Iterable[TextureName], part: Part) -> dict[TextureName, Field]:
    """Return the part's side of each photo: float32, 512 x W, mean about 0, deviation about 1."""
    columns = slice(TRAIN_COLUMNS, None) if part == "test" else slice(TRAIN_COLUMNS)
    photos = {name: np.asarray(getattr(data, name)(), np.float32) for name in names}
    return {n: ((photo - photo.mean()) / photo.std())[:, columns] for n, photo in photos.items()}


def crop(texture: Field, size: Size, rng: np.random.Generator) -> Field:
    """Return a random view of `texture`: place, scale (0.6 to 1.8), quarter turns and mirror.

    A photo that is too small is continued by its mirror image.
    """
    scale = rng.uniform(0.6, 1.8)
    turns = int(rng.integers(4))
    shape = size if turns % 2 == 0 else size[::-1]
    window = [int(np.ceil(side / scale)) for side in shape]
    top, left = (
        int(rng.integers(max(1, extent - side + 1)))
        for extent, side in zip(texture.shape, window, strict=True)
    )
    missing = np.maximum(0, np.subtract(window, texture.shape))
    texture = np.pad(texture, [(0, missing[0]), (0, missing[1])], mode="symmetric")
    view = transform.resize(texture[top : top + window[0], left : left + window[1]], shape)
    view = np.rot90(view, turns)
    return np.ascontiguousarray(view[:, ::-1] if rng.random() < 0.5 else view, dtype=np.float32)


def smooth_noise(size: Size, scale: float, rng: np.random.Generator) -> Field:
    """Return a random float32 field of mean 0, deviation 1 and detail of `scale` pixels."""
    # drawn coarsely and enlarged: looks like a wide Gaussian filter at a fraction of its cost
    coarse = [int(np.ceil(side / scale)) + 3 for side in size]
    knots = rng.standard_normal(coarse, dtype=np.float32)
    field: Field = ndimage.zoom(knots, scale, order=3)[: size[0], : size[1]]
    return np.asarray((field - field.mean()) / (field.std() + np.float32(1e-6)))


def background(
    textures: Mapping[TextureName, Field], size: Size, contrast: float, rng: np.random.Generator
) -> Field:
    """Return a lit surface in gray levels, float32, H x W, with one of `textures` on it.

    Args:
        contrast: 1 is about that of the photos.
    """
    texture = list(textures.values())[rng.integers(len(textures))]
    light = rng.uniform(75, 180) + rng.uniform(5, 35) * _shading(size, rng)
    return (light + contrast * GRAY_SPREAD * crop(texture, size, rng)).astype(np.float32)


def _shading(size: Size, rng: np.random.Generator) -> Field:
    """Return slow changes of the light over a picture, about -1 to 1."""
    rows, columns = np.ogrid[-1 : 1 : size[0] * 1j, -1 : 1 : size[1] * 1j]
    angle = rng.uniform(0, 2 * np.pi)
    tilt = np.cos(angle) * rows + np.sin(angle) * columns
    vignette = 0.5 - rows**2 - columns**2
    return np.asarray(0.5 * tilt + rng.uniform(0, 0.5) * vignette, np.float32)


def expose(surface: Field, noise: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return `surface` as a camera records it: with noise of `noise` gray levels, in 8 bits."""
    return quantize(surface + noise * rng.standard_normal(surface.shape, dtype=np.float32))


def quantize(levels: Field) -> NDArray[np.uint8]:
    """Return gray levels as uint8, rounded and clipped to 0..255."""
    return np.clip(np.rint(levels), 0, 255).astype(np.uint8)

"""Particles in a matrix as micro-CT shows them: slices of volumes, most of them unlabeled.

Neighboring slices cut the same particles, so they resemble each other: `block` slices, numbered in
order, are one volume (picture n lies in volume n // `block`) and belong on one side of a split.
The foreground is the particles, not the pores and metal grains of the same outline.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated

import numpy as np
from annotated_types import Ge, Le
from numpy.typing import NDArray
from pydantic import Strict
from pydantic.dataclasses import dataclass
from scipy import ndimage

from frugalseg.ingest.synthetic import scene
from frugalseg.ingest.synthetic.textures import Field, quantize, smooth_noise

Volume = NDArray[np.float32]
Inside = NDArray[np.bool_]
Shape3 = tuple[int, int, int]

MATRIX_LEVEL = 95.0
PORE_RADIUS, PORE_DEPTH = (1.5, 5.0), (20.0, 45.0)
GRAIN_RADIUS, GRAIN_HEIGHT = (1.5, 4.0), (55.0, 90.0)
REFERENCE_PIXELS = 96 * 96
"""Counts in the options are per volume of this many pixels a slice."""


@dataclass(frozen=True, kw_only=True, config=scene.CLOSED)
class ParticleOptions(scene.SceneOptions):
    """Options of the scene `particles`.

    Attributes:
        block: neighboring slices cut from one volume.
        particles: particles in a volume of 96 x 96 pixels a slice; larger ones hold more.
        pores: dark bodies in the same volume; metal grains are a third as many.
        radius: half axes of a particle in pixels.
        particle_contrast: a particle's difference to the matrix in gray levels.
        noise: standard deviation of the reconstruction noise in gray levels.
        rings: standard deviation of the ring artifacts in gray levels.
    """

    images: scene.Count = 32
    test: scene.Count = 16
    unlabeled: scene.Count = 160
    block: Annotated[int, Strict(), Ge(1), Le(256)] = 8
    particles: scene.Count = 14
    pores: scene.Count = 20
    radius: scene.Range = (5, 13)
    particle_contrast: scene.Range = (16, 34)
    noise: scene.Level = 9
    rings: scene.Level = 2.5


def draw(options: Mapping[str, object]) -> Iterator[scene.Picture]:
    """Draw all slices, see `ParticleOptions`; masks are 0 and 255.

    Raises FrugalsegError, naming every bad option, before the first slice is drawn.
    """
    settings = scene.parse(ParticleOptions, options)
    return (
        picture
        for part, count in settings.counts().items()
        for first in range(0, count, settings.block)
        for picture in _draw_block(settings, part, first)[: count - first]
    )


def _draw_block(options: ParticleOptions, part: scene.Part, first: int) -> list[scene.Picture]:
    """Draw all slices of the volume that begins with slice `first`; depends on nothing else."""
    block = first // options.block
    rng = scene.generator(options.seed, part, block)
    volume, particles = _specimen((options.block, *options.size), options, rng)
    # reconstruction filters correlate the noise of neighboring pixels, not of slices
    noise = ndimage.gaussian_filter(rng.standard_normal(volume.shape, np.float32), (0, 0.6, 0.6))
    noise *= options.noise / (noise.std() + 1e-6)
    scan = quantize(volume + _artifacts(options, rng) + noise)
    masks = np.where(particles, 255, 0).astype(np.uint8)
    group = f"{part}-{block:03d}"
    return [scene.Picture(part, first + k, scan[k], masks[k], group) for k in range(options.block)]


def _specimen(
    shape: Shape3, options: ParticleOptions, rng: np.random.Generator
) -> tuple[Volume, Inside]:
    """Return the volume in gray levels as a perfect scan would show it, and where a particle is."""
    volume = np.full(shape, MATRIX_LEVEL, dtype=np.float32)
    crowd = shape[1] * shape[2] / REFERENCE_PIXELS
    kinds = (
        (options.particles, options.radius, options.particle_contrast, 1),
        (options.pores, PORE_RADIUS, PORE_DEPTH, -1),
        (options.pores // 3, GRAIN_RADIUS, GRAIN_HEIGHT, 1),
    )
    particles = np.zeros(shape, dtype=np.bool_)
    for kind, (count, radius, contrast, sign) in enumerate(kinds):
        for _ in range(round(count * crowd)):
            inside = _ellipsoid(shape, radius, rng)
            volume[inside] = MATRIX_LEVEL + sign * rng.uniform(*contrast)
            particles[inside] = kind == 0
    return ndimage.gaussian_filter(volume, (0.3, 0.8, 0.8)), particles


def _ellipsoid(shape: Shape3, radius: tuple[float, float], rng: np.random.Generator) -> Inside:
    """Return where, in a volume of `shape`, a bumpy ellipsoid at a random place lies."""
    axes = rng.uniform(*radius, 3)
    center = rng.uniform(0, 1, 3) * (np.array(shape) + 2 * axes) - axes
    turn = rng.uniform(0, np.pi)
    bumps = 1 + 0.15 * smooth_noise(shape[1:], max(3.0, float(axes[1:].mean())), rng)
    depth, rows, columns = np.ogrid[: shape[0], : shape[1], : shape[2]]
    down, right = rows - center[1], columns - center[2]
    along = (np.cos(turn) * down + np.sin(turn) * right) / axes[1]
    across = (np.cos(turn) * right - np.sin(turn) * down) / axes[2]
    return np.asarray(((depth - center[0]) / axes[0]) ** 2 + along**2 + across**2 <= bumps**2)


def _artifacts(options: ParticleOptions, rng: np.random.Generator) -> Field:
    """Return beam hardening (a darker middle) and rings about it, H x W, in gray levels."""
    height, width = options.size
    rows, columns = np.ogrid[:height, :width]
    middle = np.array(options.size) * rng.uniform(0.3, 0.7, 2)
    distance = np.hypot(rows - middle[0], columns - middle[1])
    cupping = rng.uniform(5, 20) * (distance / distance.max()) ** 2
    rings = rng.normal(0, options.rings, int(distance.max()) + 2)
    return np.asarray(cupping + rings[distance.astype(int)], np.float32)

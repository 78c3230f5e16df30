"""Scenes of damaged surfaces: real textures with defects, and with things that only look like them.

`defects` are gray pictures in which scratches, cracks, pits and stains are one class. The defaults
make a small U-Net need its labels: a defect shows in its shape, hardly in its gray level, since
grooves, shadows and the texture itself are dark and bright as well. `multiclass` are larger color
pictures, meant to be cut into tiles, in which each kind of defect is a class.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, NamedTuple

import numpy as np
from annotated_types import MinLen
from numpy.typing import NDArray
from pydantic.dataclasses import dataclass
from scipy import ndimage

from frugalseg.ingest.synthetic import scene, shapes, textures
from frugalseg.ingest.synthetic.textures import Field, TextureName

Kind = Literal["scratch", "crack", "pit", "stain"]

DEFECTS: dict[Kind, shapes.Shape] = {
    "scratch": shapes.scratch,
    "crack": shapes.crack,
    "pit": shapes.pit,
    "stain": shapes.stain,
}
CLASSES: tuple[Kind, ...] = tuple(DEFECTS)
"""Class k of a multiclass mask is `CLASSES[k - 1]`, whichever kinds the options leave out."""
DISTRACTORS: tuple[shapes.Shape, ...] = (shapes.shadow, shapes.groove, shapes.dust)
ALWAYS_DARK: frozenset[Kind] = frozenset({"crack", "pit"})
BURRED: frozenset[Kind] = frozenset({"scratch", "pit"})
HUES: dict[Kind, tuple[float, float, float]] = {"pit": (0.9, 1.0, 1.05), "stain": (0.75, 0.95, 1.2)}
"""Shares of a defect's contrast in red, green and blue if not 1: stains are rusty or bluish."""


@dataclass(frozen=True, kw_only=True, config=scene.CLOSED)
class SurfaceOptions(scene.SceneOptions):
    """Options of the scene `defects`.

    Attributes:
        positives: share of pictures with a defect.
        kinds: which defects there are, each equally likely.
        textures: which backgrounds there are, each equally likely.
        defects: how many defects a positive picture has.
        distractors: how many things that are not defects any picture has.
        defect_contrast: a defect's difference to its surroundings in gray levels.
        distractor_contrast: the same of a distractor.
        texture_contrast: contrast of the background, 1 being about that of the photos.
        noise: standard deviation of the sensor noise in gray levels.
    """

    positives: scene.Share = 0.5
    kinds: Annotated[tuple[Kind, ...], MinLen(1)] = CLASSES
    textures: Annotated[tuple[TextureName, ...], MinLen(1)] = ("brick", "grass", "gravel")
    defects: scene.CountRange = (1, 2)
    distractors: scene.CountRange = (1, 3)
    defect_contrast: scene.Range = (45, 90)
    distractor_contrast: scene.Range = (40, 90)
    texture_contrast: scene.Range = (0.1, 0.35)
    noise: scene.Range = (1, 4)


@dataclass(frozen=True, kw_only=True, config=scene.CLOSED)
class MulticlassOptions(SurfaceOptions):
    """Options of the scene `multiclass`: those of `defects`, with defaults for larger images."""

    images: scene.Count = 48
    test: scene.Count = 16
    size: tuple[scene.Side, scene.Side] = (192, 288)
    positives: scene.Share = 0.75
    defects: scene.CountRange = (2, 6)
    distractors: scene.CountRange = (3, 8)


class Mark(NamedTuple):
    """One defect.

    Attributes:
        kind: what it is.
        relief: float32, H x W; what it adds to the surface in gray levels.
        inside: bool, H x W; the pixels that it covers by at least half.
    """

    kind: Kind
    relief: Field
    inside: NDArray[np.bool_]


def draw_defects(options: Mapping[str, object]) -> Iterator[scene.Picture]:
    """Draw all pictures of the scene `defects`, see `SurfaceOptions`; masks are 0 and 255.

    Raises FrugalsegError, naming every bad option, before the first picture is drawn.
    """
    return _draw_all(scene.parse(SurfaceOptions, options), color=False)


def draw_multiclass(options: Mapping[str, object]) -> Iterator[scene.Picture]:
    """Draw all pictures of the scene `multiclass`; masks hold class indices, 0 = background.

    Raises FrugalsegError, naming every bad option, before the first picture is drawn.
    """
    return _draw_all(scene.parse(MulticlassOptions, options), color=True)


def _draw_all(options: SurfaceOptions, *, color: bool) -> Iterator[scene.Picture]:
    for part, count in options.counts().items():
        photos = textures.load_textures(options.textures, part)
        for number in range(count):
            yield _draw_picture(options, photos, part, number, color=color)


def _draw_picture(
    options: SurfaceOptions,
    photos: Mapping[TextureName, Field],
    part: scene.Part,
    number: int,
    *,
    color: bool,
) -> scene.Picture:
    """Draw one picture; where defects overlap, the later one is on top."""
    rng = scene.generator(options.seed, part, number)
    surface = textures.background(photos, options.size, rng.uniform(*options.texture_contrast), rng)
    tint = 1 + rng.normal(0, 0.035, 3) if color else None
    surface = distract(surface, options, rng)
    if tint is not None:
        surface = (surface[..., None] * tint).astype(np.float32)
    mask = np.zeros(options.size, dtype=np.uint8)
    for mark in damage(options, rng) if scene.is_positive(number, options.positives) else []:
        hue = np.array(HUES.get(mark.kind, (1, 1, 1)), np.float32)
        surface = surface + (mark.relief[..., None] * hue if color else mark.relief)
        mask[mark.inside] = CLASSES.index(mark.kind) + 1 if color else 255
    image = textures.expose(surface, rng.uniform(*options.noise), rng)
    return scene.Picture(part, number, image, mask)


def distract(surface: Field, options: SurfaceOptions, rng: np.random.Generator) -> Field:
    """Return `surface` (gray levels, H x W) with shadows, grooves and dust on it."""
    for _ in range(rng.integers(*options.distractors, endpoint=True)):
        shape = DISTRACTORS[rng.integers(len(DISTRACTORS))]
        level = rng.choice([-1, 1]) * rng.uniform(*options.distractor_contrast)
        surface = surface + np.float32(level) * shape(options.size, rng)
    return surface


def damage(options: SurfaceOptions, rng: np.random.Generator) -> list[Mark]:
    """Return the defects of one positive picture; what is scraped out leaves a burr around it."""
    marks = []
    for _ in range(rng.integers(*options.defects, endpoint=True)):
        kind = options.kinds[rng.integers(len(options.kinds))]
        cover = DEFECTS[kind](options.size, rng)
        sign = -1 if kind in ALWAYS_DARK else rng.choice([-1, 1])
        level = np.float32(sign * rng.uniform(*options.defect_contrast))
        burr = ndimage.gaussian_filter(cover, 1.5) * (1 - cover) if kind in BURRED else 0
        marks.append(Mark(kind, level * (cover - burr), cover >= 0.5))
    return marks

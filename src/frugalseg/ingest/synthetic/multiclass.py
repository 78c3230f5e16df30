"""Defects of four classes in larger color images that are meant to be cut into tiles."""

from collections.abc import Iterator, Mapping

import numpy as np
from pydantic.dataclasses import dataclass

from frugalseg.ingest.synthetic.options import CLOSED, Count, CountRange, Share, Side, parse
from frugalseg.ingest.synthetic.picture import Part, Picture, generator, is_positive
from frugalseg.ingest.synthetic.surfaces import Kind, SurfaceOptions, damage, distract, draw_all
from frugalseg.ingest.synthetic.textures import Field, TextureName, background, expose

CLASSES: tuple[Kind, ...] = ("scratch", "crack", "pit", "stain")
"""Class k of a mask is `CLASSES[k - 1]`, whichever kinds the options leave out."""

HUES: dict[Kind, tuple[float, float, float]] = {
    "scratch": (1.0, 1.0, 1.0),
    "crack": (1.0, 1.0, 1.0),
    "pit": (0.9, 1.0, 1.05),
    "stain": (0.75, 0.95, 1.2),
}
"""What share of a defect's contrast red, green and blue get: stains are rusty or bluish."""


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class MulticlassOptions(SurfaceOptions):
    """Options of the scene `multiclass`: those of `defects`, with defaults for larger images."""

    images: Count = 48
    test: Count = 16
    size: tuple[Side, Side] = (192, 288)
    positives: Share = 0.75
    defects: CountRange = (2, 6)
    distractors: CountRange = (3, 8)


def draw(options: Mapping[str, object]) -> Iterator[Picture]:
    """Draw every picture that `options` ask for; masks hold class indices, 0 = background.

    Raises:
        FrugalsegError: naming every bad option, at once and not at the first picture.
    """
    return draw_all(parse(MulticlassOptions, options), draw_picture)


def draw_picture(
    options: MulticlassOptions, textures: Mapping[TextureName, Field], part: Part, number: int
) -> Picture:
    """Draw one color picture; where defects overlap, the later one is on top."""
    rng = generator(options.seed, part, number)
    gray = background(textures, options.size, rng.uniform(*options.texture_contrast), rng)
    tint = 1 + rng.normal(0, 0.035, 3)
    surface = (distract(gray, options, rng)[..., None] * tint).astype(np.float32)
    mask = np.zeros(options.size, dtype=np.uint8)
    for mark in damage(options, rng) if is_positive(number, options.positives) else []:
        surface += mark.relief[..., None] * np.array(HUES[mark.kind], dtype=np.float32)
        mask[mark.inside] = CLASSES.index(mark.kind) + 1
    return Picture(part, number, expose(surface, rng.uniform(*options.noise), rng), mask)

"""Damaged surfaces: what the scenes of binary and of multiclass defects have in common."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass as plain
from typing import Annotated, Literal, TypeVar

import numpy as np
from annotated_types import MinLen
from pydantic.dataclasses import dataclass
from scipy import ndimage

from frugalseg.ingest.synthetic import shapes
from frugalseg.ingest.synthetic.options import CLOSED, CountRange, Range, SceneOptions, Share
from frugalseg.ingest.synthetic.picture import Part, Picture
from frugalseg.ingest.synthetic.textures import Field, TextureName, load_textures

Kind = Literal["scratch", "crack", "pit", "stain"]

DEFECTS: dict[Kind, shapes.Shape] = {
    "scratch": shapes.scratch,
    "crack": shapes.crack,
    "pit": shapes.pit,
    "stain": shapes.stain,
}
DISTRACTORS: tuple[shapes.Shape, ...] = (shapes.shadow, shapes.groove, shapes.dust)
ALWAYS_DARK: frozenset[Kind] = frozenset({"crack", "pit"})
BURRED: frozenset[Kind] = frozenset({"scratch", "pit"})


@dataclass(frozen=True, kw_only=True, config=CLOSED)
class SurfaceOptions(SceneOptions):
    """Options of a scene of damaged surfaces.

    Attributes:
        positives: share of pictures with a defect.
        kinds: which defects there are, each as likely.
        textures: which backgrounds there are, each as likely.
        defects: how many defects a positive picture has.
        distractors: how many things that are no defect any picture has.
        defect_contrast: a defect's difference to its surroundings in gray levels.
        distractor_contrast: the same of a distractor.
        texture_contrast: contrast of the background, 1 being about that of the photos.
        noise: standard deviation of the sensor noise in gray levels.
    """

    positives: Share = 0.5
    kinds: Annotated[tuple[Kind, ...], MinLen(1)] = ("scratch", "crack", "pit", "stain")
    textures: Annotated[tuple[TextureName, ...], MinLen(1)] = ("brick", "grass", "gravel")
    defects: CountRange = (1, 2)
    distractors: CountRange = (1, 3)
    defect_contrast: Range = (45, 90)
    distractor_contrast: Range = (40, 90)
    texture_contrast: Range = (0.1, 0.35)
    noise: Range = (1, 4)


@plain(frozen=True)
class Mark:
    """One defect.

    Attributes:
        kind: what it is.
        relief: float32, H x W; what it adds to the surface in gray levels.
        inside: bool, H x W; the pixels that it covers by at least half.
    """

    kind: Kind
    relief: Field
    inside: np.ndarray[tuple[int, int], np.dtype[np.bool_]]


SurfaceKind = TypeVar("SurfaceKind", bound=SurfaceOptions)
Draw = Callable[[SurfaceKind, dict[TextureName, Field], Part, int], Picture]
"""Draws one picture; it depends on the options, the part and the number and on no other picture."""


def draw_all(options: SurfaceKind, draw_picture: Draw[SurfaceKind]) -> Iterator[Picture]:
    """Draw every picture that `options` ask for, part after part."""
    for part, count in options.counts().items():
        textures = load_textures(options.textures, part)
        for number in range(count):
            yield draw_picture(options, textures, part, number)


def distract(surface: Field, options: SurfaceOptions, rng: np.random.Generator) -> Field:
    """Return `surface` (gray levels, H x W) with shadows, grooves and dust on it."""
    for _ in range(rng.integers(*options.distractors, endpoint=True)):
        shape = DISTRACTORS[rng.integers(len(DISTRACTORS))]
        level = rng.choice([-1, 1]) * rng.uniform(*options.distractor_contrast)
        surface = surface + np.float32(level) * shape(options.size, rng)
    return surface


def damage(options: SurfaceOptions, rng: np.random.Generator) -> list[Mark]:
    """Return the defects of one positive picture."""
    marks = []
    for _ in range(rng.integers(*options.defects, endpoint=True)):
        kind = options.kinds[rng.integers(len(options.kinds))]
        cover = DEFECTS[kind](options.size, rng)
        sign = -1 if kind in ALWAYS_DARK else rng.choice([-1, 1])
        level = np.float32(sign * rng.uniform(*options.defect_contrast))
        marks.append(Mark(kind, level * _profile(kind, cover), cover >= 0.5))
    return marks


def _profile(kind: Kind, cover: Field) -> Field:
    """Return the gray profile of a defect: what was scraped out stands up around it as a burr."""
    if kind not in BURRED:
        return cover
    halo: Field = ndimage.gaussian_filter(cover, 1.5) * (1 - cover)
    return cover - halo

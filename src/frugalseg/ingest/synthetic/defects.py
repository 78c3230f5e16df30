"""Binary defects - scratches, cracks, pits, stains - on real textures, among things that are none.

The defaults make a small U-Net need its labels: what is a defect shows in its shape, hardly in its
gray level, for grooves, shadows and the texture itself are dark and bright as well.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from frugalseg.ingest.synthetic.options import parse
from frugalseg.ingest.synthetic.picture import Part, Picture, generator, is_positive
from frugalseg.ingest.synthetic.surfaces import SurfaceOptions, damage, distract, draw_all
from frugalseg.ingest.synthetic.textures import Field, TextureName, background, expose


def draw(options: Mapping[str, object]) -> Iterator[Picture]:
    """Draw every picture that `options` (see `SurfaceOptions`) ask for; masks are 0 and 255.

    Raises:
        FrugalsegError: naming every bad option, at once and not at the first picture.
    """
    return draw_all(parse(SurfaceOptions, options), draw_picture)


def draw_picture(
    options: SurfaceOptions, textures: Mapping[TextureName, Field], part: Part, number: int
) -> Picture:
    """Draw one gray picture."""
    rng = generator(options.seed, part, number)
    surface = background(textures, options.size, rng.uniform(*options.texture_contrast), rng)
    surface = distract(surface, options, rng)
    mask = np.zeros(options.size, dtype=np.uint8)
    for mark in damage(options, rng) if is_positive(number, options.positives) else []:
        surface = surface + mark.relief
        mask[mark.inside] = 255
    return Picture(part, number, expose(surface, rng.uniform(*options.noise), rng), mask)

"""Aluminum surface defects (FDTransUnet): six classes, one color of the masks each."""

from dataclasses import dataclass

from frugalseg.ingest.mask.raw import Palette
from frugalseg.ingest.readers.folder import Folder
from frugalseg.settings.mask import MaskParams

COLORS = {
    "missing_paint": (255, 0, 0),
    "bulge": (0, 255, 0),
    "impurity": (0, 0, 255),
    "pit": (255, 255, 0),
    "wrinkle": (0, 255, 255),
    "coating_crack": (255, 0, 255),
}
"""In the order of the reference's `rgb_map`; its own table swaps the last two."""


@dataclass(frozen=True)
class Aluminum(Folder):
    """Layout: `images/N.jpg` + `masks/N.png`, in a folder or in `train/`, `valid/` and `test/`.

    A color that is not in the map is refused. Objects have rims, one pixel wide, of other classes.
    The set holds one photo twice with slightly different masks (132 = 339): splitting by pixels
    keeps them together.
    """

    name = "aluminum"
    license = "CC BY 4.0"
    citation = "Tang: FDTransUNet data, figshare 27778473, 2024"
    homepage = "https://doi.org/10.6084/m9.figshare.27778473.v1"
    archive_url = "manual:https://doi.org/10.6084/m9.figshare.27778473.v1"
    mask = MaskParams(method="colors", colors=COLORS)

    classes: tuple[str, ...] = tuple(COLORS)
    palette: Palette | None = "color"

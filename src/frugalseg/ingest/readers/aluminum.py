"""Aluminum surface defects (FDTransUnet): six classes, told by the colors of the masks."""

from dataclasses import dataclass
from typing import Any, ClassVar

from frugalseg.ingest.decode import Palette
from frugalseg.ingest.readers.folder import Folder

CLASSES = ("missing_paint", "bulge", "impurity", "pit", "wrinkle", "coating_crack")

COLORS = {
    "missing_paint": (255, 0, 0),
    "bulge": (0, 255, 0),
    "impurity": (0, 0, 255),
    "pit": (255, 255, 0),
    "wrinkle": (0, 255, 255),
    "coating_crack": (255, 0, 255),
}
"""In the order of the reference's `rgb_map`; its own table has the last two the other way round."""


@dataclass(frozen=True)
class Aluminum(Folder):
    """Layout: `images/N.jpg` + `masks/N.png`, in a folder or in `train/`, `valid/` and `test/`.

    A color that is not in the map is refused. Objects have rims, one pixel wide, of other classes.
    The set holds one photo twice with slightly different masks (132 = 339): splitting by pixels
    keeps them together.
    """

    name: ClassVar[str] = "aluminum"
    license: ClassVar[str] = "CC BY 4.0"
    citation: ClassVar[str] = "Tang: FDTransUNet data, figshare 27778473, 2024"
    homepage: ClassVar[str] = "https://doi.org/10.6084/m9.figshare.27778473.v1"
    archive_url: ClassVar[str | None] = "manual:https://doi.org/10.6084/m9.figshare.27778473.v1"
    mask_method: ClassVar[str] = "colors"
    mask_options: ClassVar[dict[str, Any]] = {"colors": COLORS}

    classes: tuple[str, ...] = CLASSES
    palette: Palette = "color"

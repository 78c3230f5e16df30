"""The pictures that frugalseg draws itself, so that everything runs with no download."""

from dataclasses import dataclass
from typing import ClassVar

from frugalseg.ingest.readers.folder import Folder


@dataclass(frozen=True)
class Builtin(Folder):
    """Drawn defects over real textures, laid out as a user's own folder; masks hold classes."""

    name: ClassVar[str] = "builtin"
    license: ClassVar[str] = "CC0 1.0 (the textures brick, grass and gravel of scikit-image)"
    citation: ClassVar[str] = (
        "van der Walt et al., scikit-image: image processing in Python, PeerJ 2:e453, 2014"
    )
    homepage: ClassVar[str] = "https://scikit-image.org"
    mask_method: ClassVar[str] = "nonzero"

    classes: tuple[str, ...] = ("defect",)

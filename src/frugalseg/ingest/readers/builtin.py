"""The pictures that frugalseg draws itself, so that everything runs with no download."""

from dataclasses import dataclass

from frugalseg.ingest.readers.folder import Folder
from frugalseg.settings.mask import MaskParams


@dataclass(frozen=True)
class Builtin(Folder):
    """Drawn defects on real textures, in the layout of a user's own folder; masks hold classes."""

    name = "builtin"
    license = "CC0 1.0 (the textures brick, grass and gravel of scikit-image)"
    citation = "van der Walt et al., scikit-image: image processing in Python, PeerJ 2:e453, 2014"
    homepage = "https://scikit-image.org"
    mask = MaskParams(method="nonzero")

    classes: tuple[str, ...] = ("defect",)

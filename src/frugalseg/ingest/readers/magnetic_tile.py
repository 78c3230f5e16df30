"""Magnetic tile defects: the folder gives the class, the mask its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.pairing import list_files
from frugalseg.ingest.readers.reader import Part, Reader, pair_items
from frugalseg.settings.mask import MaskParams


@dataclass(frozen=True)
class MagneticTile(Reader):
    """Layout: `MT_<class>/Imgs/X.jpg` + `X.png`; `MT_Free` holds no defect.

    Sizes vary. Masks are anti-aliased gray; a few of `MT_Uneven` hold hardly a pixel above 127.

    Attributes:
        classes: names of the folders without `MT_`, lower case; or one name for all defects.
    """

    name = "magnetic_tile"
    license = "free to use, with citation (no license file)"
    citation = (
        "Huang, Qiu, Yuan: Surface defect saliency of magnetic tile, The Visual Computer 36:85-96, "
        "2020"
    )
    homepage = "https://github.com/abin24/Magnetic-tile-defect-datasets."
    archive_url = (
        "https://github.com/abin24/Magnetic-tile-defect-datasets./archive/refs/heads/master.zip"
    )
    mask = MaskParams(method="threshold", threshold=127)
    layout = "folders MT_<class>/Imgs/"

    classes: tuple[str, ...] = ("blowhole", "break", "crack", "fray", "uneven")

    def parts(self, home: Path) -> Iterator[Part]:
        """Yield the photos of each class, tagged with it."""
        for folder in sorted(home.glob("MT_*")):
            images, masks = (list_files(folder / "Imgs", {s}) for s in (".jpg", ".png"))
            if images:
                yield pair_items(images, masks, f"{folder.name}/", image_label=self._tag(folder))

    def _tag(self, folder: Path) -> tuple[int, ...]:
        name = folder.name.removeprefix("MT_").lower()
        if name == "free":
            return ()
        if len(self.classes) == 1:
            return (1,)
        if name not in self.classes:
            raise FrugalsegError(
                f"{folder}: the class {name} is not among {', '.join(self.classes)}. "
                "Name all classes, or one for all defects."
            )
        return (self.classes.index(name) + 1,)

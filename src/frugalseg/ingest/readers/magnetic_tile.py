"""Magnetic tile defects: the folder tells the class, the mask where it is."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.pairing import find_layout, list_files, pair, refuse
from frugalseg.ingest.readers.reader import Reader, make_items
from frugalseg.ingest.sample import Item

PREFIX = "MT_"
FREE = "free"


@dataclass(frozen=True)
class MagneticTile(Reader):
    """Layout: `MT_<class>/Imgs/X.jpg` + `X.png`; `MT_Free` holds no defect.

    Sizes vary. Masks are anti-aliased gray; a few of `MT_Uneven` hold hardly a pixel above 127.

    Attributes:
        classes: names of the folders without `MT_`, lower case; or one name for all defects.
    """

    name: ClassVar[str] = "magnetic_tile"
    license: ClassVar[str] = "free to use, with citation (no license file)"
    citation: ClassVar[str] = (
        "Huang, Qiu, Yuan: Surface defect saliency of magnetic tile, The Visual Computer 36:85-96, "
        "2020"
    )
    homepage: ClassVar[str] = "https://github.com/abin24/Magnetic-tile-defect-datasets."
    archive_url: ClassVar[str | None] = (
        "https://github.com/abin24/Magnetic-tile-defect-datasets./archive/refs/heads/master.zip"
    )
    mask_method: ClassVar[str] = "threshold"
    mask_options: ClassVar[dict[str, Any]] = {"threshold": 127}

    classes: tuple[str, ...] = ("blowhole", "break", "crack", "fray", "uneven")

    def items(self, root: Path) -> list[Item]:
        """List the images below `root`; see `DataSet.items`."""
        home = find_layout(root, lambda f: bool(_class_folders(f)), "folders MT_<class>/Imgs/")
        items, problems = [], []
        for folder in _class_folders(home):
            tag = self._tag(folder)
            inside = folder / "Imgs"
            pairs, wrong = pair(list_files(inside, {".jpg"}), list_files(inside, {".png"}))
            items += [
                replace(item, image_label=tag) for item in make_items(pairs, f"{folder.name}/")
            ]
            problems += wrong
        refuse(home, problems)
        return items

    def _tag(self, folder: Path) -> tuple[int, ...]:
        name = folder.name.removeprefix(PREFIX).lower()
        if name == FREE:
            return ()
        if len(self.classes) == 1:
            return (1,)
        if name not in self.classes:
            raise FrugalsegError(
                f"{folder}: the class {name} is not among {', '.join(self.classes)}. "
                "Name all classes, or one for all defects."
            )
        return (self.classes.index(name) + 1,)


def _class_folders(folder: Path) -> list[Path]:
    found = folder.glob(f"{PREFIX}*") if folder.is_dir() else []
    return sorted(path for path in found if list_files(path / "Imgs", {".jpg"}))

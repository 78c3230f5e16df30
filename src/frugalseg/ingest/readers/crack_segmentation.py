"""The Kaggle crack segmentation data set, merged from a dozen sources that file names tell."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Literal

from frugalseg.ingest.decode import SUFFIXES
from frugalseg.ingest.pairing import find_layout, list_files, pair, refuse
from frugalseg.ingest.readers.reader import Reader, make_items
from frugalseg.ingest.sample import Item

NO_CRACK = "noncrack"
SOURCES = (
    "CFD",
    "CRACK500",
    "cracktree200",
    "DeepCrack",
    "Eugen_Muller",
    "forest",
    "GAPS384",
    NO_CRACK,
    "Rissbilder_for_Florian",
    "Sylvie_Chambon",
    "Volker",
)
"""Prefixes of the file names, each the name of a data set that was merged in."""

_PHOTO = re.compile(
    r"(?P<photo>CRACK500_\d{8}_\d{6}"
    r"|DeepCrack_\d+"
    r"|Eugen_Muller_\d+"
    r"|GAPS384_(train|valid|test)_\d+"
    r"|Rissbilder_for_Florian_[^_]+"
    r"|Volker_DSC\d+"
    r"|noncrack_.+?_\d+)[_-]\d"
)
"""Name of a crop -> name of its photo; what follows is the crop's place."""


@dataclass(frozen=True)
class CrackSegmentation(Reader):
    """Layout: `train|test/images/X.jpg` + `train|test/masks/X.jpg`, 448 x 448.

    Masks are JPEG too, so their values are noisy: `> 0` gives up to three times the area. The tag
    of an image follows from its name. Nearly all negatives come from one source, so a model may
    learn the source and not the crack.

    Attributes:
        group_by: `photo`: crops of one photo are a group; `source`: all images of one source are.
    """

    name: ClassVar[str] = "crack_segmentation"
    license: ClassVar[str] = "as its sources say; several for non-commercial research only"
    citation: ClassVar[str] = (
        "Middha: Crack segmentation dataset, Kaggle, 2020. Among its sources: Yang et al., Feature "
        "pyramid and hierarchical boosting network for pavement crack detection, 2019; Shi et al., "
        "Automatic road crack detection using random structured forests, 2016"
    )
    homepage: ClassVar[str] = (
        "https://www.kaggle.com/datasets/lakshaymiddha/crack-segmentation-dataset"
    )
    archive_url: ClassVar[str | None] = "kaggle:lakshaymiddha/crack-segmentation-dataset"
    mask_method: ClassVar[str] = "otsu"

    classes: tuple[str, ...] = ("crack",)
    group_by: Literal["photo", "source"] = "photo"

    def items(self, root: Path) -> list[Item]:
        """List the images below `root`; see `DataSet.items`."""
        home = find_layout(root, _is_home, "the folders train/images/ and test/images/")
        items, problems = [], []
        for split in ("train", "test"):
            pairs, wrong = pair(
                list_files(home / split / "images", SUFFIXES),
                list_files(home / split / "masks", SUFFIXES),
            )
            items += [self._with_tag(item) for item in make_items(pairs, f"{split}/", split)]
            problems += wrong
            problems += [
                f"a name of no known source ({', '.join(SOURCES)}): {image}"
                for image, _ in pairs
                if source(image.stem) is None
            ]
        refuse(home, problems)
        return items

    def _with_tag(self, item: Item) -> Item:
        stem = item.image.stem
        found = source(stem)
        group = found if self.group_by == "source" else photo(stem)
        return replace(item, group=group, image_label=() if found == NO_CRACK else (1,))


def source(stem: str) -> str | None:
    """Return the data set that an image came from; None if its name tells none."""
    return next((name for name in SOURCES if stem.startswith(f"{name}_")), None)


def photo(stem: str) -> str | None:
    """Return the photo that an image is a crop of; None if it is a photo of its own."""
    found = _PHOTO.match(stem)
    return found["photo"] if found else None


def _is_home(folder: Path) -> bool:
    return all((folder / part / "images").is_dir() for part in ("train", "test"))

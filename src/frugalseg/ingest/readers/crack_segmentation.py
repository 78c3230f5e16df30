"""The Kaggle crack segmentation data set, merged from a dozen sources named in its file names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from frugalseg.ingest.decode import SUFFIXES
from frugalseg.ingest.pairing import list_files
from frugalseg.ingest.readers.reader import Part, Reader, pair_items
from frugalseg.ingest.sample import Item
from frugalseg.settings.mask import MaskParams

NO_CRACK = "noncrack"
SOURCES = {
    "CFD": "",
    "CRACK500": r"\d{8}_\d{6}",
    "cracktree200": "",
    "DeepCrack": r"\d+",
    "Eugen_Muller": r"\d+",
    "forest": "",
    "GAPS384": r"(train|valid|test)_\d+",
    NO_CRACK: r".+?_\d+",
    "Rissbilder_for_Florian": r"[^_]+",
    "Sylvie_Chambon": "",
    "Volker": r"DSC\d+",
}
"""Prefix of file names, the data set that was merged in -> the photo's name in those of crops."""


@dataclass(frozen=True)
class CrackSegmentation(Reader):
    """Layout: `train|test/images/X.jpg` + `train|test/masks/X.jpg`, 448 x 448.

    Masks are JPEG too, so their values are noisy: `> 0` gives up to three times the area. The tag
    of an image follows from its name. Nearly all negatives come from one source, so a model may
    learn the source and not the crack.

    Attributes:
        group_by: `photo`: crops of one photo are a group; `source`: all images of one source are.
    """

    name = "crack_segmentation"
    license = "as its sources say; several for non-commercial research only"
    citation = (
        "Middha: Crack segmentation dataset, Kaggle, 2020. Among its sources: Yang et al., Feature "
        "pyramid and hierarchical boosting network for pavement crack detection, 2019; Shi et al., "
        "Automatic road crack detection using random structured forests, 2016"
    )
    homepage = "https://www.kaggle.com/datasets/lakshaymiddha/crack-segmentation-dataset"
    archive_url = "kaggle:lakshaymiddha/crack-segmentation-dataset"
    mask = MaskParams(method="otsu")
    layout = "the folders train/images/ and test/images/"

    classes: tuple[str, ...] = ("crack",)
    group_by: Literal["photo", "source"] = "photo"

    def parts(self, home: Path) -> Iterator[Part]:
        """Yield the training and the test images."""
        splits = ("train", "test")
        for split in splits if all((home / s / "images").is_dir() for s in splits) else ():
            images, masks = (list_files(home / split / f, SUFFIXES) for f in ("images", "masks"))
            items, problems = pair_items(images, masks, f"{split}/", split=split)
            unknown = [item.image for item in items if source(item.image.stem) is None]
            valid_names = ", ".join(SOURCES)
            problems += [f"a name of no known source ({valid_names}): {path}" for path in unknown]
            yield [self._with_tag(item) for item in items], problems

    def _with_tag(self, item: Item) -> Item:
        name = source(item.image.stem)
        group = name if self.group_by == "source" else photo(item.image.stem)
        return replace(item, group=group, image_label=() if name == NO_CRACK else (1,))


def source(stem: str) -> str | None:
    """Return the data set that an image came from; None if its name gives none."""
    return next((name for name in SOURCES if stem.startswith(f"{name}_")), None)


def photo(stem: str) -> str | None:
    """Return the photo that an image is a crop of; None if it is a photo of its own."""
    name = source(stem)
    match = name and SOURCES[name] and re.match(rf"{name}_{SOURCES[name]}(?=[_-]\d)", stem)
    return match[0] if match else None

"""Oxford-IIIT Pet: photos of cats and dogs, whose masks mark pet, background and border."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.pairing import list_files
from frugalseg.ingest.readers.reader import Part, Reader, pair_items
from frugalseg.ingest.sample import Item
from frugalseg.settings.mask import MaskParams

PET, BACKGROUND, BORDER = 1, 2, 3


@dataclass(frozen=True)
class OxfordPets(Reader):
    """Layout: `images/NAME.jpg`, `annotations/trimaps/NAME.png`, `annotations/test.txt`.

    Each line of `test.txt` begins with the name of a test image. The border between pet and
    background is neither: its pixels are ignored in training and evaluation.
    """

    name = "oxford_pets"
    license = "CC BY-SA 4.0"
    citation = "Parkhi et al.: Cats and dogs, CVPR 2012"
    homepage = "https://www.robots.ox.ac.uk/~vgg/data/pets/"
    mask = MaskParams(method="index")
    layout = "the folders images/ and annotations/trimaps/"

    classes: tuple[str, ...] = ("pet",)

    def parts(self, home: Path) -> Iterator[Part]:
        """Yield all images; `complete` knows which of them are for testing."""
        trimaps = home / "annotations" / "trimaps"
        if trimaps.is_dir():
            images = list_files(home / "images", {".jpg"})
            yield pair_items(images, list_files(trimaps, {".png"}), split="train")

    def complete(self, items: list[Item], home: Path) -> list[Item]:
        """Return the items with the official test split."""
        test_file = home / "annotations" / "test.txt"
        if not test_file.is_file():
            raise FrugalsegError(f"{test_file}: expected the list of test images. Unpack it again.")
        lines = test_file.read_text().splitlines()
        test = {line.split()[0] for line in lines if line.strip()}
        return [replace(item, split="test") if item.image_id in test else item for item in items]

    def load_mask(self, item: Item) -> NDArray[Any] | None:
        """Return 1 on the pet, 0 on the background and `IGNORE` on the border between them."""
        trimap = super().load_mask(item)
        if trimap is None:
            return None
        unexpected = sorted(set(np.unique(trimap).tolist()) - {PET, BACKGROUND, BORDER})
        if unexpected:
            raise FrugalsegError(
                f"{item.mask}: expected the values 1 (pet), 2 (background) and 3 (border), "
                f"found also {unexpected}. Is this a trimap of the original archive?"
            )
        return np.select([trimap == PET, trimap == BORDER], [1, IGNORE], 0).astype(np.uint8)

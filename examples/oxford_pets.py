"""Oxford-IIIT Pet: photos of cats and dogs, whose masks mark pet, background and border."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.pairing import find_layout, list_files, pair, refuse
from frugalseg.ingest.readers.reader import Reader, make_items
from frugalseg.ingest.sample import Item

PET, BACKGROUND, BORDER = 1, 2, 3


@dataclass(frozen=True)
class OxfordPets(Reader):
    """Layout: `images/NAME.jpg`, `annotations/trimaps/NAME.png`, `annotations/test.txt`.

    Each line of `test.txt` begins with the name of a test image. The border between pet and
    background is neither: its pixels are ignored in training and evaluation.
    """

    name: ClassVar[str] = "oxford_pets"
    license: ClassVar[str] = "CC BY-SA 4.0"
    citation: ClassVar[str] = "Parkhi et al.: Cats and dogs, CVPR 2012"
    homepage: ClassVar[str] = "https://www.robots.ox.ac.uk/~vgg/data/pets/"
    mask_method: ClassVar[str] = "index"

    classes: tuple[str, ...] = ("pet",)

    def items(self, root: Path) -> list[Item]:
        """List the images below `root`; see `DataSet.items`."""
        home = find_layout(root, _has_trimaps, "the folder annotations/trimaps")
        images = list_files(home / "images", {".jpg"})
        pairs, problems = pair(images, list_files(home / "annotations" / "trimaps", {".png"}))
        test_file = home / "annotations" / "test.txt"
        if not test_file.is_file():
            problems.append(f"no list of the test images: {test_file}")
        refuse(home, problems)
        test = {line.split()[0] for line in test_file.read_text().splitlines() if line.strip()}
        return [
            replace(item, split="test" if item.image_id in test else "train")
            for item in make_items(pairs)
        ]

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


def _has_trimaps(folder: Path) -> bool:
    return (folder / "annotations" / "trimaps").is_dir()

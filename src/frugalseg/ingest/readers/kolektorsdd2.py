"""KolektorSDD2: surface defects of production items, with an official test split."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.pairing import bare_stem, find_layout, list_files, pair, refuse
from frugalseg.ingest.readers.reader import Reader, make_items
from frugalseg.ingest.sample import Item

MASK_STEM_ENDING = "_GT"


@dataclass(frozen=True)
class KolektorSDD2(Reader):
    """Layout: `train/NNNNN.png` + `train/NNNNN_GT.png`, and `test/` likewise.

    The number of training images is given differently by different sources (2331, 2332, 2335): it
    is counted and not asserted.
    """

    name: ClassVar[str] = "kolektorsdd2"
    license: ClassVar[str] = "CC BY-NC-SA 4.0"
    citation: ClassVar[str] = (
        "Bozic, Tabernik, Skocaj: Mixed supervision for surface-defect detection: from weakly to "
        "fully supervised learning, Computers in Industry 129:103459, 2021"
    )
    homepage: ClassVar[str] = "https://www.vicos.si/resources/kolektorsdd2/"
    archive_url: ClassVar[str | None] = "https://go.vicos.si/kolektorsdd2"
    archive_md5: ClassVar[str | None] = "1ed0f628122776ace4965afa30dfe316"
    mask_method: ClassVar[str] = "otsu"

    def items(self, root: Path) -> list[Item]:
        """List the images below `root`; see `DataSet.items`."""
        home = find_layout(root, _is_home, "the folders train/ and test/ with PNG files")
        items, problems = [], []
        for split in ("train", "test"):
            files = list_files(home / split, {".png"})
            masks = [file for file in files if file.stem.endswith(MASK_STEM_ENDING)]
            images = [file for file in files if not file.stem.endswith(MASK_STEM_ENDING)]
            pairs, wrong = pair(images, masks, mask_key=bare_stem)
            problems += wrong
            items += make_items(pairs, f"{split}/", split)
        refuse(home, problems)
        if not items:
            raise FrugalsegError(f"{home}: train/ and test/ hold no PNG file. Unpack it again.")
        return items


def _is_home(folder: Path) -> bool:
    return (folder / "train").is_dir() and (folder / "test").is_dir()

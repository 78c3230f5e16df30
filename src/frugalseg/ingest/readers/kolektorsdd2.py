"""KolektorSDD2: surface defects of production items, with an official test split."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from frugalseg.ingest.pairing import bare_stem, list_files
from frugalseg.ingest.readers.reader import Part, Reader, pair_items
from frugalseg.settings.mask import MaskParams


@dataclass(frozen=True)
class KolektorSDD2(Reader):
    """Layout: `train/NNNNN.png` + `train/NNNNN_GT.png`, and `test/` likewise.

    Sources differ in the number of training images (2331, 2332, 2335), so it is not checked.
    """

    name = "kolektorsdd2"
    license = "CC BY-NC-SA 4.0"
    citation = (
        "Bozic, Tabernik, Skocaj: Mixed supervision for surface-defect detection: from weakly to "
        "fully supervised learning, Computers in Industry 129:103459, 2021"
    )
    homepage = "https://www.vicos.si/resources/kolektorsdd2/"
    archive_url = "https://go.vicos.si/kolektorsdd2"
    archive_md5 = "1ed0f628122776ace4965afa30dfe316"
    mask = MaskParams(method="otsu")
    layout = "the folders train/ and test/ with PNG files"

    def parts(self, home: Path) -> Iterator[Part]:
        """Yield the training and the test images."""
        splits = ("train", "test")
        for split in splits if all((home / split).is_dir() for split in splits) else ():
            files = list_files(home / split, {".png"})
            masks = [file for file in files if file.stem.endswith("_GT")]
            images = [file for file in files if not file.stem.endswith("_GT")]
            yield pair_items(images, masks, f"{split}/", split=split, mask_key=bare_stem)

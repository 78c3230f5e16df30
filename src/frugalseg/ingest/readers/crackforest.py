"""CrackForest (CFD): photos of roads, masks in MATLAB files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from frugalseg.ingest.pairing import list_files
from frugalseg.ingest.readers.reader import Part, Reader, pair_items
from frugalseg.settings.mask import MaskParams


@dataclass(frozen=True)
class CrackForest(Reader):
    """Layout: `image/NNN.jpg` + `groundTruth/NNN.mat`.

    A crack is where `groundTruth.Segmentation` is 2; 1 is road, 3 and 4 are other enclosed regions.
    `groundTruth.Boundaries` holds outlines only.
    """

    name = "crackforest"
    license = "non-commercial research only"
    citation = (
        "Shi, Cui, Qi, Meng, Chen: Automatic road crack detection using random structured forests, "
        "IEEE Transactions on Intelligent Transportation Systems 17:3434-3445, 2016"
    )
    homepage = "https://github.com/cuilimeng/CrackForest-dataset"
    archive_url = "https://github.com/cuilimeng/CrackForest-dataset/archive/refs/heads/master.zip"
    mask = MaskParams(method="equals", value=2)
    mask_variable = "groundTruth.Segmentation"
    layout = "the folders image/ and groundTruth/"

    classes: tuple[str, ...] = ("crack",)

    def parts(self, home: Path) -> Iterator[Part]:
        """Yield the only part."""
        masks = list_files(home / "groundTruth", {".mat"})
        yield pair_items(list_files(home / "image", {".jpg"}), masks)

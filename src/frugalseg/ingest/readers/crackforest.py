"""CrackForest (CFD): photos of roads, masks in MATLAB files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from frugalseg.ingest.pairing import find_layout, list_files, pair, refuse
from frugalseg.ingest.readers.reader import Reader, make_items
from frugalseg.ingest.sample import Item


@dataclass(frozen=True)
class CrackForest(Reader):
    """Layout: `image/NNN.jpg` + `groundTruth/NNN.mat`.

    A crack is where `groundTruth.Segmentation` is 2; 1 is road, 3 and 4 are other enclosed regions.
    `groundTruth.Boundaries` holds outlines only.
    """

    name: ClassVar[str] = "crackforest"
    license: ClassVar[str] = "non-commercial research only"
    citation: ClassVar[str] = (
        "Shi, Cui, Qi, Meng, Chen: Automatic road crack detection using random structured forests, "
        "IEEE Transactions on Intelligent Transportation Systems 17:3434-3445, 2016"
    )
    homepage: ClassVar[str] = "https://github.com/cuilimeng/CrackForest-dataset"
    archive_url: ClassVar[str | None] = (
        "https://github.com/cuilimeng/CrackForest-dataset/archive/refs/heads/master.zip"
    )
    mask_method: ClassVar[str] = "equals"
    mask_options: ClassVar[dict[str, Any]] = {"value": 2}
    mask_variable: ClassVar[str | None] = "groundTruth.Segmentation"

    classes: tuple[str, ...] = ("crack",)

    def items(self, root: Path) -> list[Item]:
        """List the images below `root`; see `DataSet.items`."""
        home = find_layout(root, _is_home, "the folders image/ and groundTruth/")
        pairs, problems = pair(
            list_files(home / "image", {".jpg"}), list_files(home / "groundTruth", {".mat"})
        )
        refuse(home, problems)
        return make_items(pairs)


def _is_home(folder: Path) -> bool:
    return bool(list_files(folder / "image", {".jpg"})) and (folder / "groundTruth").is_dir()

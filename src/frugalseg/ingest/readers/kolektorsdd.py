"""KolektorSDD: commutators photographed in parts; an item is a group, there is no split."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from frugalseg.ingest.pairing import (
    bare_stem,
    find_layout,
    list_files,
    natural_order,
    pair,
    refuse,
)
from frugalseg.ingest.readers.reader import Reader, make_items
from frugalseg.ingest.sample import Item


@dataclass(frozen=True)
class KolektorSDD(Reader):
    """Layout: `kosNN/PartM.jpg` + `kosNN/PartM_label.bmp`.

    Masks are gray (no defect) or palette pictures (indices 0, 1, in one file also 2), so they are
    read as indices. The full archive holds items that are byte-identical, with different masks
    (kos01 = kos26, kos27 = kos34): splitting by pixels keeps them together.
    """

    name: ClassVar[str] = "kolektorsdd"
    license: ClassVar[str] = "CC BY-NC-SA 4.0"
    citation: ClassVar[str] = (
        "Tabernik, Sela, Skvarc, Skocaj: Segmentation-based deep-learning approach for "
        "surface-defect detection, Journal of Intelligent Manufacturing 31:759-776, 2020"
    )
    homepage: ClassVar[str] = "https://www.vicos.si/resources/kolektorsdd/"
    archive_url: ClassVar[str | None] = "https://go.vicos.si/kolektorsdd"
    archive_sha256: ClassVar[str | None] = (
        "65dc621693418585de9c4467d1340ea7958a6181816f0dc2883a1e8b61f9d4dc"
    )
    mask_method: ClassVar[str] = "nonzero"

    def items(self, root: Path) -> list[Item]:
        """List the images below `root`; see `DataSet.items`."""
        home = find_layout(root, lambda folder: bool(_parts(folder)), "folders kos01, kos02, ...")
        items, problems = [], []
        for folder in _parts(home):
            pairs, wrong = pair(
                list_files(folder, {".jpg"}), list_files(folder, {".bmp"}), mask_key=bare_stem
            )
            items += [
                replace(item, group=folder.name) for item in make_items(pairs, f"{folder.name}/")
            ]
            problems += wrong
        refuse(home, problems)
        return items


def _parts(folder: Path) -> list[Path]:
    found = folder.glob("kos[0-9]*") if folder.is_dir() else []
    return sorted((path for path in found if list_files(path, {".jpg"})), key=natural_order)

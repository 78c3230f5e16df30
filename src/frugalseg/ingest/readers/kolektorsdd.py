"""KolektorSDD: commutators photographed in parts; an item is a group, there is no split."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from frugalseg.ingest.pairing import bare_stem, list_files, natural_order
from frugalseg.ingest.readers.reader import Part, Reader, pair_items
from frugalseg.settings.mask import MaskParams


@dataclass(frozen=True)
class KolektorSDD(Reader):
    """Layout: `kosNN/PartM.jpg` + `kosNN/PartM_label.bmp`.

    Masks are gray (no defect) or palette pictures (indices 0, 1, in one file also 2), so they are
    read as indices. The full archive holds items that are byte-identical, with different masks
    (kos01 = kos26, kos27 = kos34): splitting by pixels keeps them together.
    """

    name = "kolektorsdd"
    license = "CC BY-NC-SA 4.0"
    citation = (
        "Tabernik, Sela, Skvarc, Skocaj: Segmentation-based deep-learning approach for "
        "surface-defect detection, Journal of Intelligent Manufacturing 31:759-776, 2020"
    )
    homepage = "https://www.vicos.si/resources/kolektorsdd/"
    archive_url = "https://go.vicos.si/kolektorsdd"
    archive_sha256 = "65dc621693418585de9c4467d1340ea7958a6181816f0dc2883a1e8b61f9d4dc"
    mask = MaskParams(method="nonzero")
    layout = "folders kos01, kos02, ..."

    def parts(self, home: Path) -> Iterator[Part]:
        """Yield the photos of each commutator."""
        for folder in sorted(home.glob("kos[0-9]*"), key=natural_order):
            images, masks = (list_files(folder, {suffix}) for suffix in (".jpg", ".bmp"))
            if images:
                name = folder.name
                yield pair_items(images, masks, f"{name}/", mask_key=bare_stem, group=name)

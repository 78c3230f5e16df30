"""What a data set's files turned out to hold while they were read, and what is strange about it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_cdt

from frugalseg.core.constants import IGNORE
from frugalseg.core.text import some
from frugalseg.ingest.images import FEW_LEVELS, Notes
from frugalseg.ingest.mask.review import MaskFile, find_own_codes, review
from frugalseg.ingest.mask.values import MaskValues
from frugalseg.ingest.sample import Item
from frugalseg.settings.dataset import DataSetParams
from frugalseg.settings.mask import MaskParams

_MULTIPLE = 32
"""Sides of images are multiples of it."""
_ROWS = 12


@dataclass(frozen=True)
class Resized:
    """The defect pixels of a mask at its own size that are still there in the stack.

    Attributes:
        kept: at most `foreground`, those of its own size.
        side: of the largest square of defect, if all are lost; 0 otherwise.
        size: height and width of the mask.
    """

    foreground: int
    kept: float
    side: int
    size: tuple[int, int]


class Survey:
    """Collects the facts about every file of a data set; safe to use from threads."""

    def __init__(self, root: Path) -> None:
        """Start empty; files are named relative to the folder `root`."""
        self._root = root
        self.files: dict[str, MaskFile] = {}
        self._resized: dict[str, Resized] = {}
        self._notes: dict[str, tuple[str, Notes]] = {}

    def name(self, path: Path) -> str:
        """Return a file's name relative to the data set's folder."""
        return str(path.relative_to(self._root) if path.is_relative_to(self._root) else path)

    def add_values(self, item: Item, values: MaskValues) -> None:
        """Add the values of an item's mask file."""
        if item.mask is not None:
            self.files[item.image_id] = MaskFile(self.name(item.mask), values)

    def add_image(self, item: Item, notes: Notes) -> None:
        """Add how an item's image was read."""
        self._notes[item.image_id] = self.name(item.image), notes

    def add_mask(
        self, item: Item, mask: NDArray[np.uint8], levels: NDArray[np.int64], stack: tuple[int, int]
    ) -> None:
        """Add the classes of an item's mask.

        Args:
            mask: at its own size, H x W.
            levels: its histogram, int64, 256.
            stack: pixels in the stack, over all tiles: those of a class; those with a label.
        """
        foreground, labeled = int(levels[1:IGNORE].sum()), int(levels[:IGNORE].sum())
        if (file := self.files.get(item.image_id)) is not None:
            file.foreground, file.labeled, file.pixels = foreground, labeled, mask.size
        kept = min(float(foreground), stack[0] * labeled / max(stack[1], 1))
        side = _largest_square(mask) if foreground and not stack[0] else 0
        height, width = mask.shape
        self._resized[item.image_id] = Resized(foreground, kept, side, (height, width))

    def own_codes(self, threshold: float | None, classes: Sequence[str]) -> frozenset[str]:
        """Return the images that `find_own_codes` finds."""
        return find_own_codes(self._files_in_order(), threshold, classes)

    def warnings(
        self, mask: MaskParams, classes: Sequence[str], settings: DataSetParams
    ) -> list[str]:
        """Return a sentence for everything strange.

        Args:
            mask: how masks were read; with a method.

        Raises:
            FrugalsegError: masks that were certainly or probably misread.
        """
        files = list(self._files_in_order().values())
        found = [*review(files, mask, classes)]
        return [*found, *self._lost(settings), *self._odd_images()]

    def facts(self) -> dict[str, Any]:
        """Return what the card says: the values of the files, and the share of defects kept."""
        counts = Counter([str(file.values) for file in self.files.values()])
        empty = Counter([str(f.values) for f in self.files.values() if not f.foreground])
        kinds = [
            {"values": text, "masks": count, "empty": empty[text]}
            for text, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        ]
        if len(kinds) > _ROWS:
            rest = [str(kind["values"]) for kind in kinds[_ROWS - 1 :]]
            sums = {"masks": sum(counts[text] for text in rest)}
            sums["empty"] = sum(empty[text] for text in rest)
            kinds = [*kinds[: _ROWS - 1], {"values": "other values", **sums}]
        total = sum(one.foreground for one in self._resized.values())
        kept = sum(one.kept for one in self._resized.values())
        return {"files": kinds, "area_kept": kept / total if total else None}

    @property
    def stretched(self) -> float:
        """Share of the images that were scaled by their own percentiles, in [0, 1]."""
        notes = [note for _, note in self._notes.values()]
        return sum(note.stretched for note in notes) / max(len(notes), 1)

    def _files_in_order(self) -> dict[str, MaskFile]:
        """Return the masks by id; threads add them in any order."""
        return dict(sorted(self.files.items()))

    def _lost(self, settings: DataSetParams) -> Iterator[str]:
        lost = {key: one for key, one in self._resized.items() if one.side}
        if not lost:
            return
        names = [self._notes[key][0] for key in sorted(lost)]
        with_defect = sum(1 for one in self._resized.values() if one.foreground)
        size = [
            max(ceil(one.size[axis] / one.side / _MULTIPLE) * _MULTIPLE for one in lost.values())
            for axis in (0, 1)
        ]
        height, width = settings.size
        if settings.tile is not None:
            how, remedy = "when shrunk before they are cut", "tile: {scale: 1}"
        else:
            how = f"at {height} x {width}"
            remedy = f"image_size: {size}, or tile: {{}} (tiles at the images' own scale),"
        yield (
            f"{len(lost)} of {with_defect} images with a defect lose all of it {how}, and would "
            f"count as free of defects: {some(names)}. {remedy} keeps them."
        )

    def _odd_images(self) -> Iterator[str]:
        notes = [self._notes[key] for key in sorted(self._notes)]
        turned = [name for name, note in notes if note.turned_alone]
        if turned:
            yield (
                f"{_images(turned)} turned by their EXIF orientation, while their masks have none: "
                f"{some(turned)}. If a mask does not lie on its image, save the image upright."
            )
        flat = [name for name, note in notes if note.levels < FEW_LEVELS]
        if flat:
            yield (
                f"{_images(flat)} left with fewer than {FEW_LEVELS} gray levels: {some(flat)}. If "
                "the files hold more, set percentiles or value_range in the options of the reader."
            )
        stretched = [name for name, note in notes if note.stretched]
        if 0 < len(stretched) < len(notes):
            yield (
                f"{_images(stretched)} deeper than 8 bits and stretched to the range of their own "
                f"values, while the other {len(notes) - len(stretched):,} kept theirs: "
                f"{some(stretched)}. Set value_range in the options of the reader, or save all "
                "images with 8 bits."
            )
        dropped = [name for name, note in notes if note.dropped]
        if dropped:
            yield (
                f"{_images(dropped)} read without bands beyond three (alpha, infrared): "
                f"{some(dropped)}. If they matter, save them as images of their own."
            )


def _largest_square(mask: NDArray[np.uint8]) -> int:
    """Return the side of the largest square of foreground around a pixel."""
    inside = np.pad((mask > 0) & (mask < IGNORE), 1)
    return 2 * int(distance_transform_cdt(inside, "chessboard").max()) - 1


def _images(names: Sequence[str]) -> str:
    return f"{len(names):,} image{'s were' if len(names) != 1 else ' was'}"

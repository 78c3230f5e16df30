"""What a data set reader hands over: where an image lies (`Item`), and its pixels (`Sample`)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Item:
    """One image on disk, not yet read.

    Attributes:
        image_id: unique in the data set; letters, digits and `._-/` only.
        image: file of the image.
        mask: file of its mask; None if there is none (unlabeled, or known to be all background).
        split: official split (`train`, `val`, `test`), `unlabeled`, or None if there is none.
        group: images of one group (a part, a photo, a block of slices) stay on one side of a split.
        image_label: tag of the whole image: the classes it holds, () = known to hold no defect,
            None = not known without its mask.
    """

    image_id: str
    image: Path
    mask: Path | None = None
    split: str | None = None
    group: str | None = None
    image_label: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Sample:
    """One image in memory.

    Attributes:
        image: uint8, H x W x C with C = 1 or 3.
        mask: raw, as on disk: H x W numbers or H x W x 3 colors, which the rule of
            `frugalseg.ingest.mask.masks` turns into classes; None if it has no mask.
    """

    image_id: str
    image: NDArray[np.uint8]
    mask: NDArray[Any] | None
    split: str | None
    group: str | None
    image_label: tuple[int, ...] | None


class DataSet(Protocol):
    """A reader: the facts of one data set, and how its archive lies on disk."""

    name: ClassVar[str]
    license: ClassVar[str]
    citation: ClassVar[str]
    homepage: ClassVar[str]
    archive_url: ClassVar[str | None]
    archive_md5: ClassVar[str | None]
    archive_sha256: ClassVar[str | None]
    mask_method: ClassVar[str]
    mask_options: ClassVar[Mapping[str, Any]]

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the foreground classes; class k of a mask is `classes[k - 1]`."""
        ...

    @property
    def percentiles(self) -> tuple[float, float]:
        """Percentiles of an image deeper than 8 bits that become 0 and 255."""
        ...

    @property
    def value_range(self) -> tuple[float, float] | None:
        """Fixed values that become 0 and 255 instead, if there are any."""
        ...

    def items(self, root: Path) -> list[Item]:
        """List the images below `root`, an unpacked archive, in a fixed order, reading no pixels.

        Raises:
            FrugalsegError: naming every file at fault at once (orphans, duplicates, nothing found).
        """
        ...

    def load(self, item: Item, mask: NDArray[Any] | None = None) -> Sample:
        """Read one item's pixels; raises FrugalsegError naming the file. Called from threads.

        Args:
            mask: the item's raw mask, if it was read before.
        """
        ...

    def load_mask(self, item: Item) -> NDArray[Any] | None:
        """Read one item's raw mask alone, None if it has none; otherwise as `load`."""
        ...


def read(dataset: DataSet, root: Path) -> Iterator[Sample]:
    """Read every sample of `dataset` below `root`, one after another."""
    for item in dataset.items(root):
        yield dataset.load(item)

"""What a data set reader returns: where an image lies (`Item`), and its pixels (`Sample`)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from frugalseg.ingest.images import Notes


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
        paired_by: what paired it with its mask, in words, unless the layout did.
    """

    image_id: str
    image: Path
    mask: Path | None = None
    split: str | None = None
    group: str | None = None
    image_label: tuple[int, ...] | None = None
    paired_by: str | None = None


class Sample(NamedTuple):
    """The pixels of one image.

    Attributes:
        image: uint8, H x W x C with C = 1 or 3.
        mask: raw, as on disk: H x W numbers or H x W x 3 colors, which the rule of
            `frugalseg.ingest.mask.masks` turns into classes; None if it has no mask.
        notes: how the image was read.
    """

    image: NDArray[np.uint8]
    mask: NDArray[Any] | None
    notes: Notes = Notes()

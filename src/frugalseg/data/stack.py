"""The prepared stack of a data set: images of one size, in files that are read by row."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.rows import RowFile, Rows

TEXTS = ("image_id", "split", "group", "image_label", "sha256", "phash", "source_id")
INDEX_TYPES = dict.fromkeys(TEXTS, str)


@dataclass(frozen=True)
class Stack:
    """A prepared data set.

    Attributes:
        images: uint8, N x H x W x C, read when asked for.
        index: one row an image, in the order of the stack; see `frugalseg.ingest.prepare`.
        masks_path: where the masks lie. They are not opened here: whoever trains goes through
            `frugalseg.data.ledger.RevealedMasks`, which shows what was bought and nothing else.
    """

    images: Rows
    index: pd.DataFrame
    masks_path: Path

    def rows(self, image_ids: pd.Series) -> NDArray[np.int64]:
        """Return the rows of `image_ids`, in their order."""
        positions = pd.Series(self.index["row"].to_numpy(), index=self.index["image_id"])
        try:
            return positions.loc[image_ids.tolist()].to_numpy(np.int64)
        except KeyError as error:
            raise FrugalsegError(
                f"Images named in a split or ledger are not in the stack {self.masks_path.parent}: "
                f"{error}. The data were prepared anew; run the `split` stage again."
            ) from None


def read_index(folder: Path) -> pd.DataFrame:
    """Read `index.csv` of a prepared stack; missing strings come as ''."""
    return pd.read_csv(
        paths.within(folder, paths.INDEX),
        dtype=INDEX_TYPES,
        keep_default_na=False,
        na_values={"foreground": ""},
    )


def open_masks(path: Path) -> Rows:
    """Open the masks of a stack: uint8, N x H x W; 0 background, k class k, 255 ignored."""
    return RowFile(path)


def open_stack(folder: Path) -> Stack:
    """Open the stack in `folder` without reading any pixel."""
    return Stack(
        RowFile(paths.within(folder, paths.IMAGES)),
        read_index(folder),
        paths.within(folder, paths.MASKS),
    )

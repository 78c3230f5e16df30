"""The prepared stack of a data set: images of one size, in files that are read by row."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.rows import RowFile, Rows

_TEXTS = ("image_id", "split", "group", "image_label", "sha256", "phash", "source_id")


@dataclass(frozen=True)
class Stack:
    """A prepared data set.

    Attributes:
        images: uint8, N x H x W x C, read when asked for.
        index: one row an image, in the order of the stack; see `frugalseg.ingest.prepare`.
        masks_path: where the masks lie. Training opens them through
            `frugalseg.data.revealed.RevealedMasks`, which shows only what was bought.
    """

    images: Rows
    index: pd.DataFrame
    masks_path: Path

    @cached_property
    def duplicates(self) -> pd.DataFrame:
        """Return the pairs of duplicates, which are read when they are first asked for."""
        return read_duplicates(self.masks_path.parent)

    def rows(self, image_ids: pd.Series) -> NDArray[np.int64]:
        """Return the rows of `image_ids`, in their order."""
        try:
            return row_of(self.index).loc[image_ids.tolist()].to_numpy(np.int64)
        except KeyError as error:
            raise FrugalsegError(
                f"Images named in a split or ledger are not in the stack {self.masks_path.parent}: "
                f"{error}. The data were prepared again; run the `split` stage again."
            ) from None


def row_of(index: pd.DataFrame) -> pd.Series:
    """Return the row of the stack of each image id of an index."""
    return pd.Series(index["row"].to_numpy(), index=index["image_id"])


def read_index(folder: Path) -> pd.DataFrame:
    """Read `index.csv` of a prepared stack; missing strings become ''."""
    return pd.read_csv(
        paths.within(folder, paths.INDEX),
        dtype=dict.fromkeys(_TEXTS, str),
        keep_default_na=False,
        na_values={"foreground": ""},
    )


def read_duplicates(folder: Path) -> pd.DataFrame:
    """Read `duplicates.csv` of a prepared stack: see `frugalseg.ingest.duplicates`."""
    texts = dict.fromkeys(("image_id", "other_id", "kind", "same_mask"), str)
    return pd.read_csv(paths.within(folder, paths.DUPLICATES), dtype=texts, na_filter=False)


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


def sources(image_ids: pd.Series, origin: str) -> NDArray[np.object_]:
    """Return the source of each image: the group of the expression `origin` in its id, else ''."""
    return image_ids.str.extract(origin, expand=False).fillna("").to_numpy(object)

"""Pseudo-masks: a model's own predictions as targets, which are not bought and cost nothing."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.data.filled import FilledMasks
from frugalseg.data.ledger import COLUMNS
from frugalseg.data.revealed import RevealedMasks
from frugalseg.data.stack import Stack, open_masks, row_of


class PseudoMasks(RevealedMasks):
    """Pseudo-masks of some images; where the ledger holds true labels, these are shown instead."""

    def __init__(
        self, masks_path: Path, index: pd.DataFrame, ledger: pd.DataFrame, pseudo: Path
    ) -> None:
        """Take the pseudo-masks in `pseudo` (uint8 n x H x W) and their listing beside it."""
        super().__init__(masks_path, index, ledger)
        self._pseudo = open_masks(pseudo)
        rows = row_of(index).loc[read_listing(pseudo)["image_id"].tolist()]
        self._places = {int(row): place for place, row in enumerate(rows)}

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return uint8 targets, len(rows) x H x W, of the stack's rows `rows`."""
        target = super().__getitem__(rows)
        for mask, row in zip(target, rows.tolist(), strict=True):
            if row in self._places:
                pseudo = self._pseudo[np.array([self._places[row]])][0]
                np.copyto(mask, pseudo, where=mask == IGNORE)
        return target


def read_listing(pseudo: Path) -> pd.DataFrame:
    """Read the table beside a file of pseudo-masks: `image_id`, `part` and facts of each."""
    return pd.read_csv(
        pseudo.with_suffix(".csv"), dtype={"image_id": str, "part": str}, keep_default_na=False
    )


def with_pseudo(ledger: pd.DataFrame, pseudo: Path) -> pd.DataFrame:
    """Return the ledger of a training on pseudo-masks: unit `pseudo`, without pixels.

    It is never written: no ledger that is priced holds a pseudo-mask.
    """
    listing = read_listing(pseudo)[["image_id", "part"]]
    rows = listing.assign(round=0, unit="pseudo", y=0, x=0, height=0, width=0, pixels=0)
    return pd.concat([ledger, rows[COLUMNS]], ignore_index=True)


def load_training_masks(
    stack: Stack, ledger: pd.DataFrame, pseudo: Path | None
) -> tuple[RevealedMasks, pd.DataFrame]:
    """Return the masks that training sees, and their ledger with any pseudo-masks.

    Boxes that were drawn are filled by contrast, or by pseudo-masks where there are any.
    """
    if pseudo is None:
        return FilledMasks(stack.masks_path, stack.index, ledger, stack.images), ledger
    masks = PseudoMasks(stack.masks_path, stack.index, ledger, pseudo)
    return masks, with_pseudo(ledger, pseudo)

"""Pseudo-masks: a model's own predictions as targets. They were not bought, and cost nothing."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE
from frugalseg.data.ledger import COLUMNS, RevealedMasks
from frugalseg.data.stack import Stack, open_masks


class PseudoMasks(RevealedMasks):
    """Pseudo-masks of some images; where the ledger holds true labels, these are shown instead."""

    def __init__(
        self, masks_path: Path, index: pd.DataFrame, ledger: pd.DataFrame, pseudo: Path
    ) -> None:
        """Take the pseudo-masks in `pseudo` (uint8 n x H x W) and their listing beside it."""
        super().__init__(masks_path, index, ledger)
        self._pseudo = open_masks(pseudo)
        rows = pd.Series(index["row"].to_numpy(), index=index["image_id"])
        names = read_listing(pseudo)["image_id"].tolist()
        self._places = {int(rows.loc[name]): place for place, name in enumerate(names)}

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Return uint8 targets, len(rows) x H x W, of the stack's rows `rows`."""
        target = super().__getitem__(rows)
        for position, row in enumerate(rows):
            place = self._places.get(int(row))
            if place is not None:
                target[position] = np.where(
                    target[position] == IGNORE,
                    self._pseudo[np.array([place])][0],
                    target[position],
                )
        return target


def read_listing(pseudo: Path) -> pd.DataFrame:
    """Read the table beside a file of pseudo-masks: `image_id`, `part` and what was found."""
    return pd.read_csv(
        pseudo.with_suffix(".csv"), dtype={"image_id": str, "part": str}, keep_default_na=False
    )


def with_pseudo(ledger: pd.DataFrame, pseudo: Path) -> pd.DataFrame:
    """Return the ledger of a training on pseudo-masks: unit `pseudo`, without pixels.

    It lives as long as the training; no ledger that is priced ever holds a pseudo-mask.
    """
    listing = read_listing(pseudo)[["image_id", "part"]]
    rows = listing.assign(round=0, unit="pseudo", y=0, x=0, height=0, width=0, pixels=0)
    return pd.concat([ledger, rows[COLUMNS]], ignore_index=True)


def load_training_masks(
    stack: Stack, ledger: pd.DataFrame, pseudo: Path | None
) -> tuple[RevealedMasks, pd.DataFrame]:
    """Return what training sees as masks, and the ledger of it; pseudo-masks only in memory."""
    if pseudo is None:
        return RevealedMasks(stack.masks_path, stack.index, ledger), ledger
    masks = PseudoMasks(stack.masks_path, stack.index, ledger, pseudo)
    return masks, with_pseudo(ledger, pseudo)

"""What stage `train` needs for tags and pseudo-masks: their batches, validation and targets."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from frugalseg.data.ledger import RevealedMasks, labeled_rows
from frugalseg.data.origin import sources
from frugalseg.data.pseudo import PseudoMasks, with_pseudo
from frugalseg.data.stack import Stack
from frugalseg.data.tags import RevealedTags, tagged_rows
from frugalseg.models.scaling import Scaling
from frugalseg.settings.tags import WeakParams
from frugalseg.training.tag_validation import TagValidator
from frugalseg.training.tagged_batches import TaggedBatches, check_tags


def targets(
    stack: Stack, ledger: pd.DataFrame, pseudo: Path | None
) -> tuple[RevealedMasks, pd.DataFrame]:
    """Return what training sees as masks, and the ledger of it; pseudo-masks only in memory."""
    if pseudo is None:
        return RevealedMasks(stack.masks_path, stack.index, ledger), ledger
    masks = PseudoMasks(stack.masks_path, stack.index, ledger, pseudo)
    return masks, with_pseudo(ledger, pseudo)


def tagged_batches(
    base: dict[str, Any],
    stack: Stack,
    ledger: pd.DataFrame,
    options: WeakParams,
    *,
    classes: int,
    origin: str | None,
) -> TaggedBatches:
    """Return batches of every image that has a tag or a mask.

    Args:
        base: the arguments of `LabeledBatches` but `rows`.
        origin: finds an image's source in its name, for `balance: source`.
    """
    tags = RevealedTags(stack.index, ledger, classes)
    masked = labeled_rows(stack.index, ledger, "train")
    rows = np.union1d(tagged_rows(stack.index, ledger, "train"), masked)
    check_tags(tags, rows, masks=len(masked) > 0)
    strata = _strata(stack.index, rows, tags, options.balance, origin)
    return TaggedBatches(**base, rows=rows, tags=tags, strata=strata)


def _strata(
    index: pd.DataFrame,
    rows: NDArray[np.int64],
    tags: RevealedTags,
    balance: str,
    origin: str | None,
) -> NDArray[np.object_] | None:
    if balance == "none":
        return None
    if balance == "source" and origin is not None:
        names = index.set_index("row").loc[rows, "image_id"]
        return sources(names, origin).to_numpy(object)
    found = tags[rows].values.max(axis=1)  # images x classes
    return np.array(["+".join(map(str, np.flatnonzero(one))) for one in found], object)


def tag_validator(
    stack: Stack,
    ledger: pd.DataFrame,
    options: WeakParams,
    *,
    classes: int,
    scaling: Scaling,
    device: torch.device,
) -> TagValidator:
    """Return the validation by tags, for a run that bought no validation mask."""
    return TagValidator(
        images=stack.images,
        tags=RevealedTags(stack.index, ledger, classes),
        rows=tagged_rows(stack.index, ledger, "val"),
        options=options,
        scaling=scaling,
        device=device,
    )

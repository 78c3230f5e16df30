"""The unlabeled half of stage `train`: which images, and how views of them are drawn."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.extent import extents
from frugalseg.data.split import unlabeled_rows
from frugalseg.data.stack import Stack
from frugalseg.models.scaling import Scaling
from frugalseg.settings.augment import AugmentParams
from frugalseg.settings.strategy import UnlabeledParams
from frugalseg.training.unlabeled import UnlabeledBatches


def unlabeled_batches(
    params: UnlabeledParams,
    stack: Stack,
    ledger: pd.DataFrame,
    split: Path | None,
    card: dict[str, Any],
    *,
    batch: int,
    views: int,
    augment: AugmentParams,
    scaling: Scaling,
    device: torch.device,
    key: tuple[int | str, ...],
) -> UnlabeledBatches:
    """Build the unlabeled batches of a run; of the split and the ledger only names are used.

    Args:
        batch: size of the labeled batches, taken where `params` says none.
        views: strong views of each image.
    """
    if split is None:
        raise FrugalsegError(
            "A strategy that learns from unlabeled images needs the split, which says which images "
            "may be used; found none. Hand stage `train` the file split/seed-<seed>.csv."
        )
    parts = pd.read_csv(split, dtype=str, keep_default_na=False)
    return UnlabeledBatches(
        images=stack.images,
        rows=unlabeled_rows(stack.index, parts, ledger),
        content=content_sizes(stack.index, card["fit"]),
        size=params.batch or batch,
        views=views,
        augment=augment,
        strong=params,
        scaling=scaling,
        device=device,
        key=key,
    )


def content_sizes(index: pd.DataFrame, fit: str) -> NDArray[np.int64]:
    """Return height and width of every stack image without its padding, int64 N x 2, by row."""
    return extents(index.sort_values("row"), fit).to_numpy(np.int64)

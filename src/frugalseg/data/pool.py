"""The training pool, and the number of its images that an amount stands for."""

import pandas as pd

from frugalseg.core.errors import FrugalsegError


def training_pool(index: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `index` that are for training."""
    names = set(parts.loc[parts["part"] == "train", "image_id"])
    return index[index["image_id"].isin(names)].reset_index(drop=True)


def amount(share: int | float, size: int, key: str) -> int:
    """Turn a share (a float) or a number (an int) of images into a number of at least 1.

    Args:
        size: images in the training pool.
        key: the arm's key in `params.yaml` that `share` comes from.

    Raises:
        FrugalsegError: more images than the training pool has.
    """
    if isinstance(share, float):
        return max(1, round(share * size))
    if share > size:
        raise FrugalsegError(
            f"'{key}' asks for {share} images, but the training pool has {size}. Lower the arm's "
            f"'{key}' in params.yaml, or give a share such as 0.1."
        )
    return share

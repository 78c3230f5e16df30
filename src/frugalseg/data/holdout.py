"""Which of the labels that were bought train a model, and which of them validate it."""

import numpy as np
import pandas as pd

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.split import linked
from frugalseg.settings.training import HoldoutParams, Validation


def assign_validation(
    ledger: pd.DataFrame, index: pd.DataFrame, pairs: pd.DataFrame, validation: Validation
) -> pd.DataFrame:
    """Return the ledger as a training sees it: each label in part `train` or `val`.

    Args:
        index, pairs: see `hold_out`.
        validation: as in `frugalseg.settings.training.TrainingParams`; `split` leaves the parts as
            they were bought.
    """
    if validation == "split":
        return ledger
    if isinstance(validation, HoldoutParams):
        return hold_out(ledger, index, pairs, validation.share)
    return ledger.assign(part="train")


def hold_out(
    ledger: pd.DataFrame, index: pd.DataFrame, pairs: pd.DataFrame, share: float
) -> pd.DataFrame:
    """Return the ledger with a `share` of its images in part `val`, the others in `train`.

    Images are counted by tag and in the order in which they were bought, so that what validates in
    one round validates in all later ones. Images that belong together (one group, duplicates)
    are counted once and stay together. An image of which only regions were bought trains.

    Args:
        index: `image_id`, `image_label`, `group` and `sha256` of the stack.
        pairs: near-duplicates, see `frugalseg.data.split.linked`.
        share: in (0, 1).

    Raises:
        FrugalsegError: no image would be left to validate, or none to train.
    """
    images = _whole_images(ledger, index, pairs)
    units = images.drop_duplicates("unit")
    place = units.groupby("image_label").cumcount().to_numpy()
    held = np.floor((place + 1) * share + 0.5) > np.floor(place * share + 0.5)
    if not held.any() or held.all():
        raise FrugalsegError(
            f"training.<name>.validation: a share of {share:g} of {len(units)} labeled images "
            f"(or groups of them) leaves {int(held.sum())} to validate and {int((~held).sum())} to "
            "train. Change the share, buy more labels, or set 'validation: none'."
        )
    return _with_validation(ledger, images, units["unit"][held])


def make_folds(
    ledger: pd.DataFrame, index: pd.DataFrame, pairs: pd.DataFrame, count: int
) -> list[pd.DataFrame]:
    """Return `count` ledgers, in each of which another fold of the labels is part `val`.

    Every image of which a whole mask was bought is in the `val` of exactly one. Images that belong
    together stay together; tags are spread evenly.

    Args:
        index, pairs: see `hold_out`.

    Raises:
        FrugalsegError: there are fewer labeled images (or groups of them) than folds.
    """
    images = _whole_images(ledger, index, pairs)
    units = images.drop_duplicates("unit").sort_values("image_label", kind="stable")
    if len(units) < count:
        raise FrugalsegError(
            f"training.<name>.validation: {count} folds need as many labeled images, or groups of "
            f"them, and the ledger holds {len(units)}. Use fewer folds, buy more labels, or set "
            "'validation: none'."
        )
    fold = np.arange(len(units)) % count
    return [_with_validation(ledger, images, units["unit"][fold == k]) for k in range(count)]


def _whole_images(ledger: pd.DataFrame, index: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return `image_id`, `image_label` and `unit` of the images labeled whole, as bought.

    Those are the images whose mask was bought or, where no mask was, those with tags.
    """
    whole = ledger[ledger["unit"] == "image"]
    bought = (whole if len(whole) else ledger[ledger["unit"] == "tag"])["image_id"].unique()
    units = pd.Series(linked(index, pairs), index=index["image_id"])
    tags = index.set_index("image_id")["image_label"]
    return pd.DataFrame(
        {"image_id": bought, "image_label": tags.loc[bought].to_numpy(), "unit": units.loc[bought]}
    )


def _with_validation(ledger: pd.DataFrame, images: pd.DataFrame, units: pd.Series) -> pd.DataFrame:
    held = set(images.loc[images["unit"].isin(units), "image_id"])
    return ledger.assign(part=np.where(ledger["image_id"].isin(held), "val", "train"))

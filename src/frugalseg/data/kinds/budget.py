"""The first labels of an arm that buys several kinds."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.drawn import buy_drawings
from frugalseg.data.kinds import KINDS
from frugalseg.data.ledger import buy_images
from frugalseg.data.split import amount
from frugalseg.data.stack import open_masks
from frugalseg.settings.labels import MASKS


def count_kinds(labels: Mapping[str, int | float], pool: pd.DataFrame) -> list[tuple[str, int]]:
    """Return how many images of the pool each kind takes, in the order of their turns.

    Args:
        labels: how much of each kind, without tags; `images` are masks.
        pool: the index of the training images.

    Raises:
        FrugalsegError: more images than the pool has, or drawings of a pool without any object.
    """
    if len(labels) == 1 and MASKS in labels:
        return [(MASKS, amount(labels[MASKS], len(pool), "labels"))]
    order = [kind for kind in (MASKS, *KINDS) if kind in labels]
    counts = [(kind, amount(labels[kind], len(pool), f"labels.{kind}")) for kind in order]
    over = sum(count for _, count in counts) - len(pool)
    shares = sum(isinstance(size, float) for size in labels.values())
    if over >= max(1, shares):  # each share may be rounded up
        listed = ", ".join(f"{kind} of {count}" for kind, count in counts)
        raise FrugalsegError(
            f"'labels' asks for {listed} images, each kind of other images, but the training pool "
            f"has {len(pool)}. Lower the arm's 'labels' in params.yaml."
        )
    if not pool["foreground"].sum():
        kind = next(kind for kind in order if kind != MASKS)
        raise FrugalsegError(
            f"'labels.{kind}' are drawn on objects, and no image of the training pool holds any. "
            "Buy masks or tags of this data set."
        )
    return counts


def buy_kinds(
    ledger: pd.DataFrame,
    index: pd.DataFrame,
    image_ids: Sequence[str],
    counts: Sequence[tuple[str, int]],
    masks: Path,
) -> pd.DataFrame:
    """Return the ledger with each kind bought of its part of `image_ids`, one after another.

    Nobody scribbles on an image that has a mask, so the parts share no image.

    Args:
        image_ids: at least as many as the `counts` ask for, or all of the pool.
        masks: file of the stack's masks; opened only if something is drawn.
    """
    names = list(image_ids)
    for kind, count in counts:
        chosen, names = names[:count], names[count:]
        if kind == MASKS:
            ledger = buy_images(ledger, index, chosen, round_=0, part="train")
        elif chosen:
            opened = open_masks(masks)
            ledger = buy_drawings(ledger, index, chosen, kind, opened, round_=0, part="train")
    return ledger

"""Batches of tagged images: the boxes of the tags go through the geometry that the image does."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.randomness import generator
from frugalseg.data.geometry import warp_target
from frugalseg.data.ledger import labeled_rows
from frugalseg.data.stack import Stack, sources
from frugalseg.data.tags import RevealedTags, tagged_rows
from frugalseg.settings.tags import WeakParams
from frugalseg.training.batches import Batch, LabeledBatches, TagTarget


@dataclass(frozen=True, kw_only=True)
class TaggedBatches(LabeledBatches):
    """Images with tags, some of them perhaps with masks too.

    Attributes:
        tags: of the images in `rows`.
        strata: one a row of `rows`; each is drawn equally often. None draws every image equally
            often. With the sources of the images as strata, a rare source counts as much as a
            common one.
    """

    tags: RevealedTags
    strata: NDArray[np.object_] | None = field(default=None)

    def __getitem__(self, step: int) -> Batch:
        """Return the batch of `step`, counted from 0."""
        rows = self._draw(step)
        batch, where = self._view(rows, step)
        tags = self.tags[rows]
        regions = warp_target(torch.from_numpy(tags.regions).to(self.device), where)
        values, areas = (
            torch.from_numpy(array).to(self.device) for array in (tags.values, tags.areas)
        )
        return replace(batch, tags=TagTarget(regions, values, areas))

    def _draw(self, step: int) -> NDArray[np.int64]:
        """Return the rows of a step's batch, the strata taking turns."""
        if self.strata is None:
            return super()._draw(step)
        names = self._names
        turns = np.arange(step * self.size, (step + 1) * self.size)
        rng = generator(*self.key, "strata", step)
        chosen = [self.rows[self.strata == names[turn % len(names)]] for turn in turns]
        return np.array([members[rng.integers(len(members))] for members in chosen], np.int64)

    @cached_property
    def _names(self) -> list[str]:
        return [] if self.strata is None else sorted(set(self.strata.tolist()), key=str)


def check_tags(tags: RevealedTags, rows: NDArray[np.int64], masks: bool) -> None:
    """Refuse tags that teach nothing: every box of every class says the same, and no mask helps.

    Args:
        masks: whether masks were bought too.

    Raises:
        FrugalsegError: no class is tagged present somewhere and absent elsewhere.
    """
    found = tags[rows]
    values = found.values[found.areas > 0]  # boxes x classes
    both = (values.max(axis=0, initial=0) > 0) & (values.min(axis=0, initial=1) < 1)
    if not masks and not both.any():
        said = "present" if len(values) and values.any() else "absent"
        raise FrugalsegError(
            f"Tags need both answers to teach anything; found {len(values)} boxes of "
            f"{len(rows)} images, every class {said} in all of them. Tag finer boxes (tags.grids, "
            "such as [[1, 1], [4, 4]]), more images (tags.share), or buy some masks."
        )


def build_tagged_batches(
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
        return sources(names, origin)
    found = tags[rows].values.max(axis=1)  # images x classes
    return np.array(["+".join(map(str, np.flatnonzero(one))) for one in found], object)

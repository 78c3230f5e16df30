"""Batches of tagged images: the boxes of the tags follow the geometry of their image."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.randomness import generator
from frugalseg.data.geometry import warp_target
from frugalseg.data.origin import sources
from frugalseg.data.tags import RevealedTags
from frugalseg.training.batches import Batch, LabeledBatches, TagTarget


@dataclass(frozen=True, kw_only=True)
class TaggedBatches(LabeledBatches):
    """Batches of images with tags, some of them perhaps with masks too.

    Attributes:
        tags: of the images in `rows`.
        strata: one a row of `rows`; each is drawn equally often. With the sources of the images as
            strata, a rare source counts as much as a common one. None draws every image equally
            often.
    """

    tags: RevealedTags
    strata: NDArray[np.object_] | None = None

    def __getitem__(self, step: int) -> Batch:
        """Return the batch of `step`, counted from 0."""
        rows = self._draw(step)
        batch, where = self._transform(rows, step)
        tags = TagTarget.of(self.tags[rows], self.device)
        return replace(batch, tags=replace(tags, regions=warp_target(tags.regions, where)))

    def _draw(self, step: int) -> NDArray[np.int64]:
        """Return the rows of a step's batch; the strata take turns."""
        if self.strata is None:
            return super()._draw(step)
        names = sorted(set(self.strata.tolist()), key=str)
        rng = generator(*self.key, "strata", step)
        members = [
            self.rows[self.strata == names[turn % len(names)]]
            for turn in range(step * self.size, (step + 1) * self.size)
        ]
        return np.array([rows[rng.integers(len(rows))] for rows in members], np.int64)


def check_tags(tags: RevealedTags, rows: NDArray[np.int64], *, masks: bool) -> None:
    """Refuse tags that teach nothing: all boxes agree on every class, and no mask was bought.

    Args:
        masks: whether masks were bought too.

    Raises:
        FrugalsegError: no class is tagged present somewhere and absent elsewhere.
    """
    bought = tags[rows]
    values = bought.values[bought.areas > 0]  # boxes x classes
    both = (values.max(axis=0, initial=0) > 0) & (values.min(axis=0, initial=1) < 1)
    if not masks and not both.any():
        answer = "present" if len(values) and values.any() else "absent"
        raise FrugalsegError(
            f"Tags need both answers to teach anything; found {len(values)} boxes of "
            f"{len(rows)} images, every class {answer} in all of them. Tag finer boxes "
            "(tags.grids, such as [[1, 1], [4, 4]]), more images (tags.share), or buy some masks."
        )


def strata(
    index: pd.DataFrame,
    rows: NDArray[np.int64],
    tags: RevealedTags,
    balance: str,
    origin: str | None,
) -> NDArray[np.object_] | None:
    """Return the stratum of each row: its source or its tag, as `balance` says; None for `none`.

    Args:
        origin: finds an image's source in its name; without it `source` falls back to the tag.
    """
    if balance == "none":
        return None
    if balance == "source" and origin is not None:
        return sources(index.set_index("row").loc[rows, "image_id"], origin).to_numpy(object)
    values = tags[rows].values.max(axis=1)  # images x classes
    return np.array(["+".join(map(str, np.flatnonzero(one))) for one in values], object)

"""How much a score depends on single test images: the score without each of them."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.metrics.counts import Counts, defined_mean
from frugalseg.metrics.overlap import iou_pooled
from frugalseg.metrics.scores import functions

Score = Callable[[Counts], float]
FIELDS = ("tp", "fp", "fn", "tn")
MOST = 500
"""Parts that are left out one by one: of so many more would add time, and little certainty."""


def scores_of_images() -> dict[str, Score]:
    """Return the metrics that are means over classes of a function of counts, by their names."""
    return {**functions("counts"), "miou_foreground": iou_pooled}


def leave_one_out(counts: pd.DataFrame, score: Score, groups: Mapping[str, str]) -> pd.DataFrame:
    """Return a run's score without each group of test images (the jackknife; Tukey, 1958).

    Args:
        counts: `image_id, class, tp, fp, fn, tn` of one round and threshold.
        score: of `scores_of_images`; the mean over the classes it is defined on is what counts.
        groups: image -> its group. Images that belong together are left out together, and so are
            neighbors in the order of names where there are more than `MOST` groups (the
            delete-a-group jackknife; Kott, 2001).

    Returns:
        One row a group, sorted: `group` (the first of several), the number of its `images`, the
        `score` of all images, and the score `without` the group; NaN where that is undefined.
    """
    table = counts.sort_values(["class", "image_id"])
    classes = [
        part[list(FIELDS)].to_numpy(np.int64).T for _, part in table.groupby("class", sort=False)
    ]
    images = table["image_id"].drop_duplicates()
    names, group_of_image = np.unique(images.map(groups).to_numpy(str), return_inverse=True)
    if len(names) > MOST:
        block_of_group = np.arange(len(names)) * MOST // len(names)
        names = names[np.searchsorted(block_of_group, np.arange(MOST))]
        group_of_image = block_of_group[group_of_image]

    def score_of(chosen: NDArray[np.bool_]) -> float:
        of_classes = [score(Counts(*counted[:, chosen])) for counted in classes]
        return defined_mean(np.array(of_classes))

    return pd.DataFrame(
        {
            "group": names,
            "images": np.bincount(group_of_image),
            "score": score_of(np.ones(len(images), dtype=bool)),
            "without": [score_of(group_of_image != number) for number in range(len(names))],
        }
    )

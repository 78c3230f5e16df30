"""What an acquisition is: a function that chooses, and what it needs to be told about the pool."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Need = Literal["nothing", "probabilities"]


@dataclass(frozen=True)
class Query:
    """One label to buy: a whole image, or with `box` (y, x, height, width in pixels) a region."""

    image_id: str
    box: tuple[int, int, int, int] | None = None


@dataclass(frozen=True)
class Maps:
    """What a model says of one image, averaged over its passes.

    Attributes:
        probs: float32, C x H x W, background first: the mean over passes.
        expected_entropy: float32, H x W, nats: the mean over passes of each pass's entropy; of one
            pass its entropy.
    """

    probs: NDArray[np.float32]
    expected_entropy: NDArray[np.float32]


@dataclass(frozen=True)
class Pool:
    """What an acquisition may know about the images that can still be bought.

    Attributes:
        index: one row an image: `image_id` and the facts known before labeling; no masks, no tags.
    """

    index: pd.DataFrame


Select = Callable[[Pool, int, np.random.Generator], list[Query]]


@dataclass(frozen=True)
class Acquisition:
    """A way of choosing labels; with `needs` 'nothing' rounds do not wait for a trained model."""

    select: Select
    needs: Need

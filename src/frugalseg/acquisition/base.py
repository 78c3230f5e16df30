"""What an acquisition is: a function that chooses, and what it needs to be told about the pool."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple, NoReturn

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.acquisition.query_size import Query, QuerySize
from frugalseg.core.boxes import Box

Need = Literal["nothing", "maps", "embeddings", "gradients", "masks"]
Unit = Literal["image", "region"]
Floats = NDArray[np.float32] | NDArray[np.float64]


@dataclass(frozen=True)
class Maps:
    """What a model says of one image, over T passes.

    Attributes:
        probs: float32, C x H x W, in [0, 1]: the mean over the passes of each class's probability.
        expected_entropy: float32, H x W, nats: the mean over the passes of each pass's entropy.
    """

    probs: NDArray[np.float32]
    expected_entropy: NDArray[np.float32]


@dataclass(frozen=True)
class Region:
    """The square windows that can be bought.

    Attributes:
        size: side in pixels; a window is cut down to an image that is smaller.
        stride: distance in pixels from one window to the next.
        overlap: whether windows may share pixels, as in Li and Alstrom (2020).
    """

    size: int
    stride: int
    overlap: bool = False


@dataclass(frozen=True)
class Aggregate:
    """How the scores of pixels become one of an image or a region.

    Attributes:
        how: `sum`, `mean`, `max`, or `top_k`: the mean of the highest.
        top_k: how many those are; a number of pixels (int) or a share of them (float).
    """

    how: Literal["sum", "mean", "max", "top_k"] = "mean"
    top_k: int | float = 0.01


class Offered(NamedTuple):
    """One image of a pool: its real height and width, and how many pixels were not bought yet."""

    image_id: str
    height: int
    width: int
    pixels: int


def _not_given() -> NoReturn:
    raise LookupError("an acquisition asked for what its `needs` does not name")


@dataclass(frozen=True)
class Pool:
    """What an acquisition may know about the images that can still be bought.

    What costs time or memory comes lazily, through functions; only that which the acquisition
    `needs` is given. Iterators follow the order of `index`.

    Attributes:
        index: one row an image: `image_id`; `height` and `width` of its part of the stack that is
            no padding; `pixels`, how many of those were not bought yet. No masks, no tags.
        region: the windows that can be bought; None if whole images are.
        aggregate: how the scores of pixels become one of an image or region.
        boxes: by image, what of it was bought already.
        maps: each image's maps, H x W of the stack.
        foreground: bool, H x W, of each image: what an annotator would find. An oracle.
        embeddings: float32, N x D of the pool's images and M x D of the labeled ones.
        gradients: float32, N x D of the pool's images.
    """

    index: pd.DataFrame
    region: Region | None = None
    aggregate: Aggregate = field(default_factory=Aggregate)
    boxes: Mapping[str, Sequence[Box]] = field(default_factory=dict)
    maps: Callable[[], Iterator[Maps]] = _not_given
    foreground: Callable[[], Iterator[NDArray[np.bool_]]] = _not_given
    embeddings: Callable[[], tuple[Floats, Floats]] = _not_given
    gradients: Callable[[], Floats] = _not_given

    @cached_property
    def images(self) -> list[Offered]:
        """The rows of `index`, in order."""
        columns = (self.index[name].tolist() for name in Offered._fields)
        return [Offered(str(name), *numbers) for name, *numbers in zip(*columns, strict=True)]

    @property
    def image_ids(self) -> list[str]:
        """Return the names of the images, in order."""
        return [image.image_id for image in self.images]


@dataclass(frozen=True)
class Choice:
    """What was chosen, and what every image of the pool scored.

    Attributes:
        queries: what to buy, best first.
        scores: float64, one an image of the pool, in its order: the score of the image, or of the
            first region that it offered; NaN if it offered none, or nothing was scored.
    """

    queries: list[Query]
    scores: NDArray[np.float64]


Select = Callable[[Pool, QuerySize, np.random.Generator], Choice]
PixelScore = Callable[[Maps], Floats]


@dataclass(frozen=True)
class Acquisition:
    """A way of choosing labels.

    Attributes:
        needs: what of the pool it has to be told; with `nothing` or `masks` rounds do not wait for
            a trained model.
        units: what it can choose.
        least_passes: stochastic passes below which it is not defined.
        oracle: whether it looks at labels before they are paid for; then it is a control only.
        pixel_score: what it thinks of every pixel, to be drawn; None where it scores no pixels.
    """

    select: Select
    needs: Need
    units: tuple[Unit, ...] = ("image",)
    least_passes: int = 1
    oracle: bool = False
    pixel_score: PixelScore | None = None

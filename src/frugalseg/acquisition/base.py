"""What an acquisition is: a function that chooses labels, and what it needs of the pool."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple, NoReturn

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.acquisition.query_size import Query, QuerySize
from frugalseg.core.boxes import Box
from frugalseg.settings.arm import RegionParams

Need = Literal["nothing", "maps", "embeddings", "gradients", "tags", "masks"]
Unit = Literal["image", "region"]
Aggregate = Literal["sum", "mean", "max", "top_k"]
Floats = NDArray[np.float32] | NDArray[np.float64]


@dataclass(frozen=True)
class Maps:
    """A model's predictions for one image, over T passes.

    Attributes:
        probs: float32, C x H x W, in [0, 1]: the mean over the passes of each class's probability.
        expected_entropy: float32, H x W, nats: the mean over the passes of each pass's entropy.
    """

    probs: NDArray[np.float32]
    expected_entropy: NDArray[np.float32]


class PoolImage(NamedTuple):
    """One image of a pool: its height and width without padding, and its pixels not bought yet."""

    image_id: str
    height: int
    width: int
    pixels: int


def _unavailable() -> NoReturn:
    raise LookupError("an acquisition read what its `needs` does not name")


@dataclass(frozen=True)
class Pool:
    """What an acquisition may know about the images that can still be bought.

    Costly parts are lazy functions; an acquisition gets only the one that it `needs`. Iterators
    follow the order of `index`.

    Attributes:
        index: one row an image: `image_id`; `height` and `width` of its part of the stack without
            padding; `pixels`, how many of those were not bought yet.
        region: the windows that can be bought; None if whole images are.
        aggregate: how the scores of pixels become one of an image or region: `sum`, `mean`, `max`,
            or `top_k`, the mean of the highest.
        top_k: how many those are: a number of pixels (int) or a share of them (float).
        boxes: by image, the boxes bought already.
        round: which purchase of the ledger this is; the first labels are round 0.
        maps: each image's maps, H x W of the stack.
        embeddings: float32, N x D of the pool's images and M x D of the labeled ones.
        gradients: float32, N x D of the pool's images.
        tags: texts, N, of whole images; they have been paid for.
        masks: bool, H x W, of each image: the true foreground. An oracle.
    """

    index: pd.DataFrame
    region: RegionParams | None = None
    aggregate: Aggregate = "mean"
    top_k: int | float = 0.01
    boxes: Mapping[str, Sequence[Box]] = field(default_factory=dict)
    round: int = 1
    maps: Callable[[], Iterator[Maps]] = _unavailable
    embeddings: Callable[[], tuple[Floats, Floats]] = _unavailable
    gradients: Callable[[], Floats] = _unavailable
    tags: Callable[[], NDArray[np.object_]] = _unavailable
    masks: Callable[[], Iterator[NDArray[np.bool_]]] = _unavailable

    @cached_property
    def images(self) -> list[PoolImage]:
        """The rows of `index`, in order."""
        columns = (self.index[name].tolist() for name in PoolImage._fields)
        return [PoolImage(str(name), *numbers) for name, *numbers in zip(*columns, strict=True)]

    @property
    def image_ids(self) -> list[str]:
        """Return the names of the images, in order."""
        return [image.image_id for image in self.images]


@dataclass(frozen=True)
class Choice:
    """The labels chosen, and the score of every image of the pool.

    Attributes:
        queries: what to buy, best first.
        scores: float64, one an image of the pool, in its order: the score of the image, or of its
            best region; NaN if no region is left, or nothing was scored.
    """

    queries: list[Query]
    scores: NDArray[np.float64]


Select = Callable[[Pool, QuerySize, np.random.Generator], Choice]
PixelScore = Callable[[Maps], Floats]


@dataclass(frozen=True)
class Acquisition:
    """A way of choosing labels.

    Attributes:
        needs: the field of the pool that it reads; with `nothing` or `masks` rounds do not wait
            for a trained model.
        units: what it can choose.
        least_passes: stochastic passes below which it is not defined.
        oracle: whether it sees labels before they are paid for; then it is a control only.
        pixel_score: its score of every pixel, for figures; None if it scores no pixels.

    Example: the largest images first.

        >>> def select(pool: Pool, query_size: QuerySize, rng: np.random.Generator) -> Choice:
        ...     sizes = pool.index["pixels"].to_numpy(np.float64)
        ...     ranking = [pool.images[place] for place in np.argsort(-sizes)]
        ...     queries = [Query(image.image_id, pixels=image.pixels) for image in ranking]
        ...     return Choice(query_size.take(queries), sizes)
        >>> largest = Acquisition(select, needs="nothing")
        >>> images = {"image_id": ["a", "b"], "height": 4, "width": [4, 8], "pixels": [16, 32]}
        >>> pool = Pool(pd.DataFrame(images))
        >>> largest.select(pool, QuerySize(1), np.random.default_rng(0)).queries[0].image_id
        'b'
    """

    select: Select
    needs: Need
    units: tuple[Unit, ...] = ("image",)
    least_passes: int = 1
    oracle: bool = False
    pixel_score: PixelScore | None = None

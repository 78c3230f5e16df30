"""Which of a user's images a model would learn most from, and why."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.acquisition.base import Acquisition, Choice, Maps, Pool
from frugalseg.acquisition.query_size import QuerySize
from frugalseg.acquisition.uncertainty import predictive_entropy
from frugalseg.core.boxes import Box
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.randomness import generator
from frugalseg.core.registry import lookup
from frugalseg.core.rows import Rows
from frugalseg.inference.passes import Passes
from frugalseg.inference.predictor import Predictor
from frugalseg.models.dropout import find_dropout
from frugalseg.settings.arm import RegionParams

UNDECIDED = 0.5
"""A pixel counts as undecided from this share of the maximum entropy on."""
STOCHASTIC = 10
"""Default number of passes of an acquisition that needs several."""


@dataclass(frozen=True)
class Request:
    """What to suggest.

    Attributes:
        count: images, or regions. acquisition: a key of `ACQUISITIONS`.
        region: side in pixels of the square windows that are suggested; None for whole images.
        passes: stochastic passes; None for as many as the acquisition needs.
        seed: of ties, random draws and dropout.
    """

    count: int
    acquisition: str = "entropy"
    region: int | None = None
    passes: int | None = None
    seed: int = 0


@dataclass(frozen=True)
class Suggestion:
    """One label to make: rank from 1, what the image or region scored, and why it was chosen."""

    rank: int
    name: str
    box: Box
    score: float
    undecided: float
    defects: int
    reason: str


class Chooser:
    """An acquisition and a model that score images one after another."""

    def __init__(self, predictor: Predictor, request: Request) -> None:
        """Take the model and the request.

        Raises:
            FrugalsegError: the acquisition is unknown, looks at labels, needs more than maps of
                pixels, or needs dropout and the model has none.
        """
        self.predictor, self._request = predictor, request
        self.acquisition: Acquisition = lookup(ACQUISITIONS, request.acquisition, "acquisition")
        if not _is_usable(self.acquisition):
            raise FrugalsegError(
                f"The acquisition {request.acquisition!r} cannot choose from a folder: it compares "
                f"whole data sets or looks at masks. Take {', '.join(usable_acquisitions())}."
            )
        least = self.acquisition.least_passes
        self.passes = request.passes or (1 if least == 1 else STOCHASTIC)
        if self.passes < least:
            raise FrugalsegError(
                f"{request.acquisition} needs at least {least} passes; found {self.passes}."
            )
        if self.passes > 1 and find_dropout(predictor.model) is None:
            raise FrugalsegError(
                f"{request.acquisition} with {self.passes} passes needs a model with dropout, and "
                "this one has none. Train one ('dropout: {p, where}' under 'models' in "
                "params.yaml), or take entropy and 1 pass."
            )

    def maps(self, name: str, image: Rows) -> Maps:
        """Return the model's maps of an image; every call gives the same."""
        return self.predictor.maps(
            image, Passes(self.passes, (self._request.seed, "suggest", name))
        )

    def choose(self, sizes: dict[str, tuple[int, int]], load_maps: Callable[[str], Maps]) -> Choice:
        """Return the choice among images of known height and width.

        Args:
            load_maps: returns `maps` of the image of a name; called in order, once each, and only
                if the acquisition needs it.
        """
        index = pd.DataFrame(
            [(name, *size, size[0] * size[1]) for name, size in sizes.items()],
            columns=["image_id", "height", "width", "pixels"],
        )
        side = self._request.region
        region = RegionParams(size=side, stride=max(1, side // 2)) if side else None
        pool = Pool(index, region, maps=lambda: map(load_maps, sizes))
        rng = generator(self._request.seed, "suggest")
        return self.acquisition.select(pool, QuerySize(self._request.count), rng)


def _is_usable(acquisition: Acquisition) -> bool:
    return acquisition.needs in ("nothing", "maps") and not acquisition.oracle


def usable_acquisitions() -> list[str]:
    """Return the acquisitions that can choose from a folder of images without masks."""
    return [n for n in ACQUISITIONS if _is_usable(lookup(ACQUISITIONS, n, "acquisition"))]


def explain(
    choice: Choice, rank: int, box: Box, maps: Maps, preds: NDArray[np.uint8], *, scored: bool
) -> Suggestion:
    """Return the query of a rank, from 1, with the reason why it was chosen.

    Args:
        scored: whether by a score, and not at random.
        box: of the region, or of the whole image.
        maps, preds: of the whole image; preds are classes, uint8, H x W.
    """
    query = choice.queries[rank - 1]
    y, x, height, width = box
    probs = maps.probs[:, y : y + height, x : x + width]
    part = Maps(probs, maps.expected_entropy[y : y + height, x : x + width])
    undecided = float((predictive_entropy(part) >= UNDECIDED * np.log(len(probs))).mean())
    defects = int(ndimage.label(preds[y : y + height, x : x + width], np.ones((3, 3)))[1])
    reason = "drawn at random"
    if scored:
        scores = choice.scores[np.isfinite(choice.scores)]
        median = float(np.median(scores))
        if median > 0:
            reason = f"{query.score / median:.1f} times the median score of {len(scores)} images"
        else:
            reason = f"score {query.score:.3g}, the median of {len(scores)} images is {median:.3g}"
    reason += f"; undecided at {100 * undecided:.1f} % of its pixels, {defects} predicted defect"
    reason += "" if defects == 1 else "s"
    return Suggestion(rank, query.image_id, box, query.score, undecided, defects, reason)

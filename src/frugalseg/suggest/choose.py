"""Which of a user's images a model would learn most from, and why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.acquisition.base import Acquisition, Choice, Maps, Pool
from frugalseg.acquisition.entropy import predictive_entropy
from frugalseg.acquisition.query_size import QuerySize
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
"""A pixel is undecided whose entropy is at least this share of the most that it can be."""
STOCHASTIC = 10
"""Passes of an acquisition that needs several, unless a number is given."""


@dataclass(frozen=True)
class Wish:
    """What is asked for.

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
    """An acquisition and a model that look at images one after another."""

    def __init__(self, predictor: Predictor, wish: Wish) -> None:
        """Take the model and what is asked for.

        Raises:
            FrugalsegError: an acquisition that is not known, looks at labels, chooses by more than
                maps of pixels, or needs dropout that the model has not.
        """
        self._predictor, self._wish = predictor, wish
        self.acquisition: Acquisition = lookup(ACQUISITIONS, wish.acquisition, "acquisition")
        if self.acquisition.oracle or self.acquisition.needs not in ("nothing", "maps"):
            known = ", ".join(usable())
            raise FrugalsegError(
                f"The acquisition {wish.acquisition!r} cannot choose from a folder: it compares "
                f"whole data sets or looks at masks. Take one of {known}."
            )
        least = self.acquisition.least_passes
        self.passes = wish.passes or (1 if least == 1 else STOCHASTIC)
        if self.passes < least:
            raise FrugalsegError(
                f"{wish.acquisition} needs at least {least} passes; found {self.passes}."
            )
        if self.passes > 1 and find_dropout(predictor.model) is None:
            raise FrugalsegError(
                f"{wish.acquisition} with {self.passes} passes needs a model with dropout, and "
                "this one has none. Train one ('dropout: {p, where}' under 'models' in "
                "params.yaml), or take entropy and 1 pass."
            )

    def maps(self, name: str, image: Rows) -> Maps:
        """Return what the model says of an image; the same whenever it is asked."""
        key = (self._wish.seed, "suggest", name)
        return self._predictor.maps(image, Passes(self.passes, key))

    def choose(self, sizes: dict[str, tuple[int, int]], look: Callable[[str], Maps]) -> Choice:
        """Return the choice among images of known height and width.

        Args:
            look: `maps` of the image of a name; called in order, once each, and only if the
                acquisition needs it.
        """
        index = pd.DataFrame(
            [(name, *size, size[0] * size[1]) for name, size in sizes.items()],
            columns=["image_id", "height", "width", "pixels"],
        )
        side = self._wish.region
        region = RegionParams(size=side, stride=max(1, side // 2)) if side else None

        def maps() -> Iterator[Maps]:
            return (look(name) for name in sizes)

        pool = Pool(index, region, maps=maps)
        rng = generator(self._wish.seed, "suggest")
        return self.acquisition.select(pool, QuerySize(self._wish.count), rng)


def usable() -> list[str]:
    """Return the acquisitions that can choose from a folder of images without masks."""
    found: dict[str, Acquisition] = {
        name: lookup(ACQUISITIONS, name, "acquisition") for name in ACQUISITIONS
    }
    return [n for n, a in found.items() if a.needs in ("nothing", "maps") and not a.oracle]


def explain(
    choice: Choice, rank: int, box: Box, maps: Maps, *, threshold: float, scored: bool
) -> Suggestion:
    """Say why the query of a rank, from 1, was chosen.

    Args:
        scored: whether by a score, and not at random.
        box: of the region, or of the whole image. maps: of the whole image.
        threshold: of one foreground class.
    """
    query = choice.queries[rank - 1]
    y, x, height, width = box
    probs = maps.probs[:, y : y + height, x : x + width]
    part = Maps(probs, maps.expected_entropy[y : y + height, x : x + width])
    most = np.log(len(probs))
    undecided = float((predictive_entropy(part) >= UNDECIDED * most).mean())
    foreground = probs[1] >= threshold if len(probs) == 2 else probs.argmax(axis=0) > 0
    defects = int(ndimage.label(foreground, np.ones((3, 3)))[1])
    seen = f"undecided at {100 * undecided:.1f} % of its pixels, {_counted(defects)}"
    why = _compared(query.score, choice.scores) if scored else "drawn at random"
    reason = f"{why}; {seen}"
    return Suggestion(rank, query.image_id, box, query.score, undecided, defects, reason)


def _counted(defects: int) -> str:
    return f"{defects} predicted defect{'' if defects == 1 else 's'}"


def _compared(score: float, scores: NDArray[np.float64]) -> str:
    known = scores[np.isfinite(scores)]
    middle = float(np.median(known))
    if middle <= 0:
        return f"score {score:.3g}, the median of {len(known)} images is {middle:.3g}"
    return f"{score / middle:.1f} times the median score of {len(known)} images"

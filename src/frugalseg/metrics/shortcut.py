"""Whether an image's source alone tells its tag: then a model may learn the source."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Names = NDArray[np.object_]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Shortcut:
    """Shares of test images, in [0, 1].

    Attributes:
        majority: right when every image is given the most frequent tag of training.
        source: right when it is given the most frequent tag of its source in training.
        model: right by the model. agreement: on which model and source say the same.
    """

    majority: float
    source: float
    model: float
    agreement: float


def shortcut(
    train_sources: Names, train_tags: Flags, sources: Names, tags: Flags, preds: Flags
) -> Shortcut:
    """Compare a model's tags of test images with those that their sources alone give.

    Args:
        train_sources, train_tags: of the tagged training images.
        sources, tags, preds: of the test images: source, truth, and what the model says.
    """
    most = bool(train_tags.mean() >= 0.5) if len(train_tags) else False
    by_source = {
        name: bool(train_tags[train_sources == name].mean() >= 0.5) for name in set(train_sources)
    }
    guessed = np.array([by_source.get(name, most) for name in sources], bool)
    return Shortcut(
        majority=float((tags == most).mean()),
        source=float((tags == guessed).mean()),
        model=float((tags == preds).mean()),
        agreement=float((preds == guessed).mean()),
    )

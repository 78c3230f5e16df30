"""Whether an image's source alone predicts its tag: then a model may learn the source."""

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
        model: right by the model. agreement: on which model and source agree.
    """

    majority: float
    source: float
    model: float
    agreement: float


def shortcut(
    train_sources: Names, train_tags: Flags, sources: Names, tags: Flags, preds: Flags
) -> Shortcut:
    """Compare a model's tags of test images with those that follow from their sources alone.

    Args:
        train_sources, train_tags: of the tagged training images.
        sources, tags, preds: of the test images: source, true tag, and the model's tag.
    """
    most = len(train_tags) > 0 and bool(train_tags.mean() >= 0.5)
    by_source = {s: train_tags[train_sources == s].mean() >= 0.5 for s in set(train_sources)}
    guessed = np.array([by_source.get(source, most) for source in sources], bool)
    return Shortcut(
        majority=float((tags == most).mean()),
        source=float((tags == guessed).mean()),
        model=float((tags == preds).mean()),
        agreement=float((preds == guessed).mean()),
    )

"""A model file, and all that it takes to predict with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from frugalseg.errors import FrugalsegError
from frugalseg.inference.tiled import Tiling, predict_tiles
from frugalseg.models.file import load_model
from frugalseg.models.predict import to_preds
from frugalseg.models.scaling import Scaling
from frugalseg.rows import Rows

NEEDED = ("channels", "classes", "image_size", "model", "normalize", "threshold")
Band = tuple[NDArray[np.uint8], NDArray[np.float32]]


@dataclass(frozen=True)
class Predictor:
    """A network in evaluation mode, on its device, and what its card says of it."""

    model: nn.Module
    classes: list[str]
    channels: int
    scaling: Scaling
    threshold: float
    tiling: Tiling
    device: torch.device

    @classmethod
    def load(cls, path: Path, device: torch.device) -> Self:
        """Read a model file; nothing else is needed.

        Tiles are of the size that the network was validated on: its sliding window, or else the
        images of its stack.

        Raises:
            FrugalsegError: not one of our files, damaged, or of another version.
        """
        model, card = load_model(path, NEEDED)
        placed = model.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        return cls(
            model=placed,
            classes=list(card["classes"]),
            channels=card["channels"],
            scaling=Scaling(card["normalize"]),
            threshold=card["threshold"],
            tiling=_tiling(card),
            device=device,
        )

    def tuned(
        self,
        *,
        tile: tuple[int, int] | None = None,
        overlap: float | None = None,
        threshold: float | None = None,
    ) -> "Predictor":
        """Return the same with other tiles or another threshold; None leaves it as it is."""
        size = tile or self.tiling.size
        share = self.tiling.overlap if overlap is None else overlap
        least = self.threshold if threshold is None else threshold
        return replace(self, tiling=Tiling(size, share), threshold=least)

    def bands(self, image: Rows) -> Iterator[Band]:
        """Yield an image's classes, uint8 h x W, and probabilities, float32 K+1 x h x W.

        From top to bottom. One foreground class is predicted at `threshold`, of several the most
        probable one wins.

        Raises:
            FrugalsegError: a batch of tiles does not fit into the device's memory.
        """
        bands = predict_tiles(
            self.model, image, tiling=self.tiling, scaling=self.scaling, device=self.device
        )
        try:
            for probs in bands:
                yield to_preds(torch.from_numpy(probs)[None], self.threshold)[0].numpy(), probs
        except torch.OutOfMemoryError as error:
            raise FrugalsegError(
                f"tiles of {self.tiling.size} do not fit into the memory of {self.device}. "
                "Take smaller ones, or another device."
            ) from error


def _tiling(card: Mapping[str, Any]) -> Tiling:
    window = card.get("window")
    if window is None:
        height, width = card["image_size"]
        return Tiling((height, width))
    height, width = window["size"]
    return Tiling((height, width), window["overlap"])

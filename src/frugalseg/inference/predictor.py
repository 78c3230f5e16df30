"""A model file, and all that it takes to predict with it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from frugalseg.acquisition.base import Maps
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.rows import Rows
from frugalseg.inference.passes import Passes, tile_passes
from frugalseg.ingest.image_rows import open_rows
from frugalseg.ingest.resized_rows import ResizedRows, resized_bands
from frugalseg.models.file import load_model
from frugalseg.models.flips import DIMS, Flip, average_flips
from frugalseg.models.predict import to_preds, to_probs
from frugalseg.models.scaling import Scaling
from frugalseg.models.tiled import Tiling, blend_tiles
from frugalseg.models.whole import window_tiling

NEEDED = (
    "channels",
    "classes",
    "image_size",
    "levels",
    "model",
    "normalize",
    "scale",
    "threshold",
)
Band = tuple[NDArray[np.uint8], NDArray[np.float32]]


@dataclass(frozen=True)
class Predictor:
    """A network in evaluation mode, on its device, and what its card says of it.

    Attributes:
        scale: by how much an image is resized before the network sees it, down and across, so that
            it sees defects at the size at which it learned them.
        percentiles, value_range: how images deeper than 8 bits were scaled, see
            `frugalseg.ingest.images.read_image`.
        flips: see `frugalseg.models.flips`.
    """

    model: nn.Module
    classes: list[str]
    channels: int
    scaling: Scaling
    threshold: float
    tiling: Tiling
    scale: tuple[float, float]
    percentiles: tuple[float, float]
    value_range: tuple[float, float] | None
    device: torch.device
    flips: tuple[Flip, ...] = ()

    @classmethod
    def load(cls, path: Path, device: torch.device) -> Self:
        """Read a model file; nothing else is needed.

        Tiles are of the size that the network was validated on: its sliding window, or else the
        images of its stack.

        Raises:
            FrugalsegError: not one of our files, damaged, or of another version.
        """
        model, card = load_model(path, NEEDED)
        try:
            facts = _facts(card)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise FrugalsegError(
                f"{path}: its card is damaged ({type(error).__name__}: {error}). Train it again."
            ) from error
        placed = model.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        return cls(model=placed, device=device, **facts)

    def tuned(
        self,
        *,
        tile: tuple[int, int] | None = None,
        overlap: float | None = None,
        threshold: float | None = None,
        scale: float | None = None,
        value_range: tuple[float, float] | None = None,
        tta: bool = True,
    ) -> "Predictor":
        """Return the same with other settings; None leaves one as it is.

        Args:
            tta: whether predictions are averaged over the flips that the model's card names.
        """
        share = self.tiling.overlap if overlap is None else overlap
        return replace(
            self,
            tiling=Tiling(tile or self.tiling.size, share),
            threshold=self.threshold if threshold is None else threshold,
            scale=self.scale if scale is None else (scale, scale),
            value_range=value_range or self.value_range,
            flips=self.flips if tta else (),
        )

    def open(self, path: Path) -> Rows:
        """Open an image as the model wants it, uint8, H x W x channels; see `open_rows`."""
        return open_rows(
            path, self.channels, percentiles=self.percentiles, value_range=self.value_range
        )

    def probs(self, image: Rows) -> Iterator[NDArray[np.float32]]:
        """Yield an image's probabilities, float32 K+1 x h x W, in bands from top to bottom.

        Where the model's scale is not 1 the network sees the image resized, and its probabilities
        come back to the image's own size.

        Raises:
            FrugalsegError: a batch of tiles does not fit into the device's memory.
        """
        model = average_flips(self.model, self.flips)
        return self._blended(lambda tiles: to_probs(model(tiles)), image)

    def maps(self, image: Rows, passes: Passes) -> Maps:
        """Return what one or many passes say of every pixel of an image; all of it in memory.

        Raises:
            FrugalsegError: as `probs`, or several passes of a model without dropout.
        """
        look = tile_passes(self.model, self.channels, passes, self.device)
        found = np.concatenate(list(self._blended(look, image)), axis=1)
        return Maps(probs=found[:-1], expected_entropy=found[-1])

    def _blended(
        self, look: Callable[[Tensor], Tensor], image: Rows
    ) -> Iterator[NDArray[np.float32]]:
        own = image.shape[0], image.shape[1]
        down, across = self.scale
        seen = max(1, round(own[0] * down)), max(1, round(own[1] * across))
        rows = image if seen == own else ResizedRows(image, seen)
        bands = blend_tiles(
            look, rows, tiling=self.tiling, scaling=self.scaling, device=self.device
        )
        try:
            yield from bands if seen == own else resized_bands(bands, seen, own)
        except torch.OutOfMemoryError as error:
            raise FrugalsegError(
                f"tiles of {self.tiling.size} do not fit into the memory of {self.device}. "
                "Take smaller ones, or another device."
            ) from error

    def bands(self, image: Rows) -> Iterator[Band]:
        """Yield an image's classes, uint8 h x W, and probabilities, float32 K+1 x h x W.

        From top to bottom. One foreground class is predicted at `threshold`, of several the most
        probable one wins.

        Raises:
            FrugalsegError: as `probs`.
        """
        for probs in self.probs(image):
            yield to_preds(torch.from_numpy(probs)[None], self.threshold)[0].numpy(), probs


def _facts(card: Mapping[str, Any]) -> dict[str, Any]:
    levels = card["levels"]
    fixed = levels["value_range"]
    return {
        "classes": list(card["classes"]),
        "channels": card["channels"],
        "scaling": Scaling(card["normalize"]),
        "threshold": float(card["threshold"]),
        "tiling": _tiling(card),
        "scale": _pair(card["scale"]),
        "percentiles": _pair(levels["percentiles"]),
        "value_range": None if fixed is None else _pair(fixed),
        "flips": _flips(card.get("flips", [])),
    }


def _flips(names: Sequence[str]) -> tuple[Flip, ...]:
    known: dict[str, Flip] = {flip: flip for flip in DIMS}
    return tuple(known[name] for name in names)


def _tiling(card: Mapping[str, Any]) -> Tiling:
    height, width = card["image_size"]
    return window_tiling(card.get("window")) or Tiling((height, width))


def _pair(values: Sequence[float]) -> tuple[float, float]:
    first, second = values
    return first, second

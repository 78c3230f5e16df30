"""Prediction of images of any size with a model file alone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from frugalseg.acquisition.base import Maps
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.rows import Rows
from frugalseg.inference.passes import Passes, tile_passes
from frugalseg.ingest.image_rows import ChannelRows, open_rows
from frugalseg.ingest.resized_rows import ResizedRows, resized_bands
from frugalseg.models.file import load_model
from frugalseg.models.flips import average_flips
from frugalseg.models.predict import to_preds, to_probs, window_tiling
from frugalseg.models.scaling import Scaling
from frugalseg.models.tiled import Tiling, blend_tiles
from frugalseg.settings.training import Flip

NEEDED = ("channels", "classes", "image_size", "levels", "model", "normalize", "scale", "threshold")
"""The keys that the card of a model file must have."""
Band = tuple[NDArray[np.uint8], NDArray[np.float32]]


@dataclass(frozen=True)
class Predictor:
    """A network in evaluation mode, on its device, with the settings of its card.

    Attributes:
        scale: factors, down and across, by which an image is resized for the network, so that
            defects have the size that they had in training.
        percentiles, value_range: how images deeper than 8 bits were scaled, see
            `frugalseg.ingest.images.read_image`.
        stretched: share of the training images that were scaled by their own percentiles; None
            for a model of an older version.
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
    stretched: float | None = None
    flips: tuple[Flip, ...] = ()

    @classmethod
    def load(cls, path: Path, device: torch.device) -> Self:
        """Load a model file; nothing else is needed.

        Tiles have the size that the network was validated on: that of its sliding window, or else
        of the images of its stack.

        Raises:
            FrugalsegError: not one of our files, damaged, or of another version.
        """
        model, card = load_model(path, NEEDED)
        placed = model.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        try:
            height, width = card["image_size"]
            value_range = card["levels"]["value_range"]
            return cls(
                model=placed,
                classes=list(card["classes"]),
                channels=card["channels"],
                scaling=Scaling(card["normalize"]),
                threshold=float(card["threshold"]),
                tiling=window_tiling(card.get("window")) or Tiling((height, width)),
                scale=_pair(card["scale"]),
                percentiles=_pair(card["levels"]["percentiles"]),
                value_range=None if value_range is None else _pair(value_range),
                device=device,
                stretched=card["levels"].get("stretched"),
                flips=tuple(Flip(name) for name in card.get("flips", [])),
            )
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise FrugalsegError(
                f"{path}: its card is damaged ({type(error).__name__}: {error}). Train it again."
            ) from error

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
        """Return a copy with other settings; None keeps a setting.

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

    def open(self, path: Path) -> ChannelRows:
        """Open an image as the model needs it, uint8, H x W x channels; see `open_rows`."""
        return open_rows(
            path, self.channels, percentiles=self.percentiles, value_range=self.value_range
        )

    def is_unlike(self, image: ChannelRows) -> bool:
        """Say whether an image was stretched and no training image was, or the other way round."""
        return self.value_range is None and self.stretched == (0 if image.stretched else 1)

    def probs(self, image: Rows) -> Iterator[NDArray[np.float32]]:
        """Yield an image's probabilities, float32 K+1 x h x W, in bands from top to bottom.

        Unless the model's scale is 1, the image is resized for the network, and the probabilities
        are resized back to the image's size.

        Raises:
            FrugalsegError: a batch of tiles does not fit into the device's memory.
        """
        model = average_flips(self.model, self.flips)
        return self._blended(lambda tiles: to_probs(model(tiles)), image)

    def maps(self, image: Rows, passes: Passes) -> Maps:
        """Return the predictions of one or many passes for every pixel of an image, in memory.

        Raises:
            FrugalsegError: as `probs`, or several passes of a model without dropout.
        """
        network = tile_passes(self.model, self.channels, passes, self.device)
        maps = np.concatenate(list(self._blended(network, image)), axis=1)
        return Maps(probs=maps[:-1], expected_entropy=maps[-1])

    def _blended(
        self, network: Callable[[Tensor], Tensor], image: Rows
    ) -> Iterator[NDArray[np.float32]]:
        size = image.shape[0], image.shape[1]
        down, across = self.scale
        scaled = max(1, round(size[0] * down)), max(1, round(size[1] * across))
        rows = image if scaled == size else ResizedRows(image, scaled)
        bands = blend_tiles(
            network, rows, tiling=self.tiling, scaling=self.scaling, device=self.device
        )
        try:
            yield from bands if scaled == size else resized_bands(bands, scaled, size)
        except torch.OutOfMemoryError as error:
            raise FrugalsegError(
                f"tiles of {self.tiling.size} do not fit into the memory of {self.device}. "
                "Use smaller tiles, or another device."
            ) from error

    def bands(self, image: Rows) -> Iterator[Band]:
        """Yield an image's classes, uint8 h x W, and probabilities, float32 K+1 x h x W.

        Bands come from top to bottom.

        Raises:
            FrugalsegError: as `probs`.
        """
        for probs in self.probs(image):
            yield to_preds(torch.from_numpy(probs)[None], self.threshold)[0].numpy(), probs


def _pair(values: Sequence[float]) -> tuple[float, float]:
    first, second = values
    return first, second

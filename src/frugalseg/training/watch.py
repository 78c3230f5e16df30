"""Watched images: predictions of a few whole validation images, kept as training proceeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from frugalseg.core import paths
from frugalseg.core.constants import IGNORE
from frugalseg.core.files import replacing
from frugalseg.core.rows import Rows
from frugalseg.data.ledger import labeled_rows
from frugalseg.data.mosaic import Whole, stitch, thinned, wholes
from frugalseg.data.revealed import RevealedMasks
from frugalseg.data.samples import choose_samples
from frugalseg.data.stack import Stack
from frugalseg.models.predict import predict, to_preds
from frugalseg.models.scaling import Scaling

LONGEST = 320
"""Longest side of a kept image, in pixels."""


@dataclass(frozen=True)
class Watcher:
    """Whole images that are predicted at every `every`-th validation.

    Attributes:
        images: uint8, N x H x W x C; the tiles, if images were cut.
        window: see `frugalseg.models.predict.predict`.
    """

    images: Rows
    wholes: tuple[Whole, ...]
    every: int
    scaling: Scaling
    device: torch.device
    window: Mapping[str, Any] | None = None

    def __call__(self, model: nn.Module, threshold: float) -> list[Tensor]:
        """Return the predicted classes of each image, uint8 h x w, thinned to `LONGEST`."""
        how: dict[str, Any] = {"scaling": self.scaling, "device": self.device}
        preds = []
        for whole in self.wholes:
            batches = predict(model, self.images, whole.rows, window=self.window, **how)
            pieces = [to_preds(probs, threshold).cpu().numpy() for _, probs in batches]
            stitched = stitch(whole, list(np.concatenate(pieces)))
            preds.append(torch.from_numpy(thinned(stitched, LONGEST).copy()))
        return preds


def choose_watched(stack: Stack, ledger: pd.DataFrame, images: int) -> tuple[Whole, ...]:
    """Choose whole validation images whose masks were bought, from little defect to much."""
    index = stack.index[stack.index["row"].isin(labeled_rows(stack.index, ledger, "val"))]
    by_name = {whole.image_id: whole for whole in wholes(index)}
    area = index.set_index("row")["foreground"]
    areas = np.array([area.loc[whole.rows.tolist()].sum() for whole in by_name.values()])
    return tuple(by_name[name] for name in choose_samples(list(by_name), areas, images))


def write_watched(
    folder: Path,
    watcher: Watcher | None,
    masks: RevealedMasks,
    frames: list[dict[str, Any]],
) -> None:
    """Write `watch.npz`; without a watcher it holds no image.

    It holds `image_ids` (S), `steps` (T), and of each image s, thinned alike, `image_s`
    (h x w x C), `truth_s` (h x w) and `preds_s` (T x h x w).
    """
    watched = watcher.wholes if watcher is not None else ()
    arrays: dict[str, Any] = {
        "image_ids": np.array([whole.image_id for whole in watched], str),
        "steps": np.array([frame["step"] for frame in frames], np.int64),
    }
    for place, whole in enumerate(watched):
        if watcher is not None:
            image = stitch(whole, list(watcher.images[whole.rows]))
            arrays[f"image_{place}"] = thinned(image, LONGEST)
        truth = stitch(whole, list(masks[whole.rows]), IGNORE)
        arrays[f"truth_{place}"] = thinned(truth, LONGEST)
        arrays[f"preds_{place}"] = np.stack([frame["preds"][place].numpy() for frame in frames])
    with replacing(paths.within(folder, paths.WATCHED)) as partial, partial.open("wb") as file:
        np.savez_compressed(file, **arrays)

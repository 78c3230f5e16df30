"""Counting a model's hits and misses on images whose masks are known."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from torch import nn

from frugalseg.data.sample import IGNORE
from frugalseg.metrics.counts import count
from frugalseg.models.predict import predict, to_preds
from frugalseg.models.scaling import Scaling
from frugalseg.rows import Rows


@dataclass(frozen=True)
class Evaluated:
    """What evaluation keeps of one model.

    Attributes:
        counts: one row an image, foreground class and threshold: `image_id`, `class`,
            `threshold` (`validation` or `half`), `tp`, `fp`, `fn`, `tn`.
        preds: uint8, S x H x W, classes of the sample images at the validation threshold.
        probs: uint8, S x H x W, their foreground probability times 255.
    """

    counts: pd.DataFrame
    preds: NDArray[np.uint8]
    probs: NDArray[np.uint8]


def evaluate(
    model: nn.Module,
    images: Rows,
    masks: Rows,
    rows: NDArray[np.int64],
    *,
    image_ids: list[str],
    classes: list[str],
    threshold: float,
    samples: set[int],
    scaling: Scaling,
    device: torch.device,
) -> Evaluated:
    """Evaluate `model` on the stack's rows `rows`, once.

    Args:
        images: uint8, N x H x W x C. masks: uint8, N x H x W. Only a batch is read at a time.
        image_ids: one a row of `rows`.
        samples: the rows whose predictions are kept.
    """
    thresholds = {"validation": threshold, "half": 0.5}
    tables: dict[str, list[NDArray[np.int64]]] = {name: [] for name in thresholds}
    preds, probabilities = [], []
    for chosen, probs in predict(model, images, rows, scaling=scaling, device=device):
        target = masks[chosen]
        for name, value in thresholds.items():
            found = to_preds(probs, value).cpu().numpy()
            tables[name].append(count(found, target, len(classes), IGNORE))
            if name == "validation":
                kept = [place for place, row in enumerate(chosen) if int(row) in samples]
                preds.append(found[kept])
        foreground = (1 - probs[:, 0])[kept]
        probabilities.append((foreground * 255).round().to(torch.uint8).cpu().numpy())
    counts = pd.concat(
        [
            counts_table(np.concatenate(found), image_ids, classes, name)
            for name, found in tables.items()
        ],
        ignore_index=True,
    )
    return Evaluated(counts, np.concatenate(preds), np.concatenate(probabilities))


def counts_table(
    counts: NDArray[np.int64], image_ids: list[str], classes: list[str], threshold: str
) -> pd.DataFrame:
    """Lay counts, N x K x 4, out as rows."""
    images, names = len(image_ids), len(classes)
    flat = counts.reshape(images * names, 4)
    return pd.DataFrame(
        {
            "image_id": np.repeat(np.array(image_ids, object), names),
            "class": np.tile(np.array(classes, object), images),
            "threshold": threshold,
            "tp": flat[:, 0],
            "fp": flat[:, 1],
            "fn": flat[:, 2],
            "tn": flat[:, 3],
        }
    )


def choose_samples(image_ids: list[str], areas: NDArray[np.int64], size: int) -> list[str]:
    """Choose images to show: two thirds with foreground, from small to large; the rest without.

    Args:
        areas: foreground pixels of each image.
        size: how many at most.

    Returns:
        Image ids; the same for the same images, whatever was predicted on them.
    """
    order = sorted(range(len(image_ids)), key=lambda i: (areas[i], image_ids[i]))
    positive = [i for i in order if areas[i] > 0]
    negative = [i for i in order if areas[i] == 0]
    with_foreground = min(len(positive), max(size - len(negative), (2 * size + 2) // 3))
    places = np.linspace(0, len(positive) - 1, with_foreground).round().astype(int)
    chosen = [positive[place] for place in dict.fromkeys(places.tolist())]
    chosen += negative[: size - len(chosen)]
    return [image_ids[i] for i in chosen]

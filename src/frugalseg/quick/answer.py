"""From a folder to an answer: read, fit, test, forecast, choose what to label next."""

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd
import torch

from frugalseg.acquisition import ACQUISITIONS
from frugalseg.acquisition.base import Acquisition, Pool
from frugalseg.acquisition.query_size import QuerySize
from frugalseg.core import paths
from frugalseg.core.device import configure_process, pick_device
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json
from frugalseg.core.randomness import generator
from frugalseg.core.registry import lookup
from frugalseg.data.fit import extents
from frugalseg.data.stack import Stack, open_masks, open_stack
from frugalseg.inference.pool import PoolContext, attach_predictions
from frugalseg.models.build import build_model
from frugalseg.models.file import save_model
from frugalseg.models.frozen_head import FrozenHead
from frugalseg.models.scaling import Scaling
from frugalseg.quick.curve import (
    Frozen,
    Show,
    budgets,
    draw_labels,
    fit_all,
    sample_all,
    score_table,
    test_all,
)
from frugalseg.settings.dataset import DataSetParams
from frugalseg.settings.strategy import FrozenParams
from frugalseg.settings.study import CostParams
from frugalseg.stages import download, prepare
from frugalseg.statistics.forecast.table import Tables, forecast_tables
from frugalseg.strategies.frozen import Sample, fit_head

LEAST = 8
"""Fewest masks, and half as many that show a defect, that a curve can be drawn from."""
NETWORK: dict[str, Any] = {
    "arch": "frozen_head",
    "encoder": "tu-tf_efficientnet_lite0",
    "weights": "bundled",
}
NORMALIZE = "imagenet"
PIXELS = 10_000
"""Drawn for the largest fit: a quarter of the strategy's, because there are hundreds of fits."""


@dataclass(frozen=True)
class Request:
    """What is asked.

    Attributes:
        folder: with `images/`, `masks/` and perhaps `unlabeled/`.
        seeds: how many draws of labels. count: images to suggest. acquire: how those are chosen.
        seed: of what is random besides.
    """

    folder: Path
    seeds: int = 30
    count: int = 10
    acquire: str = "entropy"
    seed: int = 0
    threads: int = 2


@dataclass(frozen=True)
class Answer:
    """What was found.

    Attributes:
        facts: in words, of the folder and of how it was read.
        scores: in the columns of `scores.csv`. tables: their forecast.
        suggestions: `image_id` and `score` of unlabeled images, best first.
        pictures: the suggested images by name, uint8 H x W x C.
    """

    facts: list[str]
    scores: pd.DataFrame
    tables: Tables
    suggestions: pd.DataFrame
    pictures: dict[str, Any]


Progress = Callable[[int], AbstractContextManager[Show]]


def answer(request: Request, progress: Progress) -> Answer:
    """Return the curve of a folder, its forecast, and which of its unlabeled images come next.

    Nothing is kept.

    Args:
        progress: returns the context of a bar of so many steps.

    Raises:
        FrugalsegError: the folder cannot be read, has too few masks, or several classes.
    """
    acquisition = _acquisition(request.acquire)
    configure_process(1)  # each of the request's threads works on its own image or fit
    torch.use_deterministic_algorithms(True, warn_only=True)
    with tempfile.TemporaryDirectory(prefix="frugalseg-quick-") as work:
        prepared = Path(work) / "stack"
        _prepare(request.folder, Path(work), prepared, request.threads)
        stack, card = open_stack(prepared), read_json(paths.within(prepared, paths.CARD))
        _check(request.folder, stack.index)
        draws = draw_labels(stack.index, range(request.seeds), stack.duplicates)
        sizes = budgets(min(len(draw.order) for draw in draws))
        frozen = _open(stack, sizes[-1])
        labeled = stack.index.loc[stack.index["has_mask"], "row"].to_numpy(np.int64)
        with progress(len(labeled)) as show:
            samples = sample_all(frozen, labeled.tolist(), show, request.threads)
        with progress(len(draws)) as show:
            heads = fit_all(samples, draws, sizes, frozen.options, show, request.threads)
        with progress(len(labeled)) as show:
            dices = test_all(frozen, draws, heads, show)
        costs = CostParams()
        scores = score_table(dices, sizes, len(labeled), costs.mask_seconds)
        tables = forecast_tables(
            scores, {"frozen": ["frozen"]}, "dice", generator(request.seed, "forecast")
        )
        frozen.model.set_head(fit_head(Sample.join([*samples.values()]), 1, frozen.options)[0])
        suggestions = _suggest(request, acquisition, frozen.model, stack, card, Path(work))
        pictures = {
            str(name): np.asarray(stack.images[stack.rows(pd.Series([name]))][0])
            for name in suggestions["image_id"]
        }
    return Answer(_facts(card, stack, sizes, request), scores, tables, suggestions, pictures)


def _acquisition(name: str) -> Acquisition:
    acquisition: Acquisition = lookup(ACQUISITIONS, name, "acquisition")
    if acquisition.oracle or acquisition.least_passes > 1:
        raise FrugalsegError(
            f"--acquire {name}: it looks at masks or needs a model with dropout. Take entropy, "
            "coreset or random."
        )
    return acquisition


def _prepare(folder: Path, work: Path, prepared: Path, threads: int) -> None:
    """Write the stack of a folder."""
    source = f"file:{folder.resolve()}"
    download.run(
        work / "archive.zip", source=source, scene={}, sha256=None, md5=None, fingerprint="",
        search=[],
    )  # fmt: skip
    settings = DataSetParams(source=source, reader="folder", image_size="auto")
    prepare.run(work / "archive.zip", prepared, settings, name=folder.name, threads=threads)


def _check(folder: Path, index: pd.DataFrame) -> None:
    masks = int(index["has_mask"].sum())
    positives = int((index["foreground"] > 0).sum())
    if masks < LEAST or positives < LEAST // 2:
        raise FrugalsegError(
            f"{folder}: found {masks} masks, {positives} of them with a defect. A learning curve "
            f"needs at least {LEAST} masks and {LEAST // 2} defects: label more images first."
        )


def _open(stack: Stack, largest: int) -> Frozen:
    """Return the stack behind the bundled encoder."""
    model = build_model(**NETWORK, classes=1, channels=3, seed=0).eval()
    options, device = FrozenParams(), pick_device()
    return Frozen(
        model=cast("FrozenHead", model.to(device)),
        images=stack.images,
        masks=open_masks(stack.masks_path),
        scaling=Scaling(NORMALIZE),
        device=device,
        pixels=-(-PIXELS // largest),
        options=options,
    )


def _suggest(
    request: Request,
    acquisition: Acquisition,
    network: FrozenHead,
    stack: Stack,
    card: dict[str, Any],
    work: Path,
) -> pd.DataFrame:
    """Return `image_id` and `score` of the images to label next; `network` chooses."""
    index = stack.index
    labeled = index.loc[index["has_mask"], "row"].to_numpy(np.int64)
    free = index[~index["has_mask"]].reset_index(drop=True)
    if free.empty:
        return pd.DataFrame({"image_id": [], "score": []})
    model = work / "model.safetensors"
    save_model(
        model,
        network,
        {"model": NETWORK, "classes": card["classes"], "channels": 3, "normalize": NORMALIZE},
    )
    sizes = extents(index.sort_values("row"), card["fit"])
    context = PoolContext(
        stack.masks_path.parent,
        free["row"].to_numpy(np.int64),
        labeled,
        sizes.to_numpy(np.int64),
        (request.seed, "suggest"),
        model=model,
        threads=request.threads,
    )
    table = free[["image_id", "pixels"]].join(extents(free, card["fit"]))
    pool = attach_predictions(acquisition, Pool(table), context)
    size = QuerySize(min(request.count, len(free)))
    choice = acquisition.select(pool, size, generator(request.seed, "suggest"))
    return pd.DataFrame(
        [(query.image_id, query.score) for query in choice.queries], columns=["image_id", "score"]
    )


def _facts(card: dict[str, Any], stack: Stack, sizes: list[int], request: Request) -> list[str]:
    height, width = card["image_size"]
    masks = int(stack.index["has_mask"].sum())
    return [
        f"{masks} images with a mask, {card['positives']} of them with a defect; "
        f"{len(stack.index) - masks} without a mask.",
        f"Images are read at {height} x {width} pixels: {card['image_size_reason']}.",
        f"{request.seeds} seeds each hold out their own test images and label up to {sizes[-1]} "
        "others. A linear head on the frozen features of EfficientNet-lite0 learns from them; "
        "networks that are trained reach more.",
        *card["warnings"],
    ]

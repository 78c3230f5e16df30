"""The pool through the eyes of the model of the round before."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from frugalseg.acquisition.base import Maps, Pool
from frugalseg.core.device import configure_process, pick_device
from frugalseg.core.rows import Rows
from frugalseg.data.stack import open_stack
from frugalseg.inference.embeddings import Embed, embeddings, encoder_features, gradients
from frugalseg.inference.passes import uncertainty_maps
from frugalseg.inference.pool import PoolContext
from frugalseg.models.file import load_model
from frugalseg.models.scaling import Scaling


@dataclass(frozen=True)
class Opened:
    """A model, the images it looks at, and how."""

    model: nn.Module
    images: Rows
    scaling: Scaling
    device: torch.device


def with_maps(pool: Pool, context: PoolContext) -> Pool:
    """Return the pool with what T passes of the model say of every pixel."""

    def maps() -> Iterator[Maps]:
        seen = _open(context)
        yield from uncertainty_maps(
            seen.model,
            seen.images,
            context.rows,
            scaling=seen.scaling,
            device=seen.device,
            passes=context.passes,
            key=context.key,
        )

    return replace(pool, maps=maps)


def with_embeddings(pool: Pool, context: PoolContext) -> Pool:
    """Return the pool with the encoder's embeddings of its images and of the labeled ones."""

    def both() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        seen = _open(context)
        return (
            _embed(encoder_features, seen, context.rows, context.sizes),
            _embed(encoder_features, seen, context.labeled, context.labeled_sizes),
        )

    return replace(pool, embeddings=both)


def with_gradients(pool: Pool, context: PoolContext) -> Pool:
    """Return the pool with the gradient embeddings of its images."""
    return replace(
        pool,
        gradients=lambda: _embed(gradients, _open(context), context.rows, context.sizes),
    )


def _embed(
    embed: Embed, seen: Opened, rows: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.float32]:
    model, images = seen.model, seen.images
    return embeddings(embed, model, images, rows, sizes, scaling=seen.scaling, device=seen.device)


def _open(context: PoolContext) -> Opened:
    """Load the model; the same threads and device give the same numbers, as in training."""
    if context.model is None:
        raise ValueError("this acquisition needs a model, and the rule gave none")
    configure_process(context.threads)
    torch.use_deterministic_algorithms(True, warn_only=True)
    device = pick_device()
    model, card = load_model(context.model)
    placed = model.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return Opened(placed, open_stack(context.prepared).images, Scaling(card["normalize"]), device)

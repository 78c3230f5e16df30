"""All that an acquisition may need of its pool; each function computes one field of `Pool`."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from frugalseg.acquisition.base import Maps
from frugalseg.core import paths
from frugalseg.core.constants import IGNORE
from frugalseg.core.device import configure_process, pick_device
from frugalseg.data.stack import open_masks, open_stack
from frugalseg.inference.embeddings import embed, encoder_features, head_gradients
from frugalseg.inference.passes import Passes, predict_passes
from frugalseg.inference.pool import PoolContext
from frugalseg.models.file import load_model
from frugalseg.models.scaling import Scaling


def maps(context: PoolContext) -> Iterator[Maps]:
    """Yield what T passes of the model predict for each image."""
    passes = Passes(context.passes, context.key)
    for _, probs, entropy in predict_passes(**_open(context), rows=context.rows, passes=passes):
        yield from map(Maps, probs.cpu().numpy(), entropy.cpu().numpy())


def embeddings(context: PoolContext) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the encoder's features of the pool's images and of the labeled ones."""
    network = _open(context)
    pool, labeled = (
        embed(encoder_features, **network, rows=rows, extents=context.sizes[rows])
        for rows in (context.rows, context.labeled)
    )
    return pool, labeled


def gradients(context: PoolContext) -> NDArray[np.float32]:
    """Return the gradient embeddings of the pool's images."""
    rows = context.rows
    return embed(head_gradients, **_open(context), rows=rows, extents=context.sizes[rows])


def masks(context: PoolContext) -> Iterator[NDArray[np.bool_]]:
    """Yield the true foreground of each image, before anybody paid for it: for oracles only."""
    stack_masks = open_masks(paths.within(context.prepared, paths.MASKS))
    for row in context.rows:
        mask = stack_masks[row[None]][0]
        yield (mask > 0) & (mask != IGNORE)


def _open(context: PoolContext) -> dict[str, Any]:
    """Load the model and the images; the same threads and device give the same numbers."""
    if context.model is None:
        raise ValueError("this acquisition needs a model, and the rule gave none")
    configure_process(context.threads)
    torch.use_deterministic_algorithms(True, warn_only=True)
    device = pick_device()
    model, card = load_model(context.model)
    return {
        "model": model.to(device=device, memory_format=torch.channels_last),  # type: ignore[call-overload]
        "images": open_stack(context.prepared).images,
        "scaling": Scaling(card["normalize"]),
        "device": device,
    }

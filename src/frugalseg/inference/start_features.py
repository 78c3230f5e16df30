"""Vectors that the first labels are chosen by: features of an encoder that has seen no label."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from frugalseg.core.device import configure_process, pick_device
from frugalseg.data.stack import open_stack
from frugalseg.inference.embeddings import Embedding, embed, encoder_features, salient_features
from frugalseg.models.build import build_model
from frugalseg.models.scaling import Scaling


def features(
    embedding: Embedding,
    prepared: Path,
    rows: NDArray[np.int64],
    sizes: NDArray[np.int64],
    *,
    start: Mapping[str, Any],
    threads: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return vectors of length 1 of the stack's rows `rows`, N x D, and none of labeled images.

    Args:
        prepared: folder of the stack.
        sizes: N x 2, height and width of each image without its padding.
        start: `model`, an entry of `models`, and the name of its scaling, `normalize`.
        threads: of the processor.
    """
    configure_process(threads)
    torch.use_deterministic_algorithms(True, warn_only=True)
    images, device = open_stack(prepared).images, pick_device()
    model: Any = build_model(**start["model"], classes=1, channels=images.shape[-1])
    model = model.to(device=device, memory_format=torch.channels_last)
    scaling = Scaling(start["normalize"])
    vectors = embed(embedding, model, images, rows, sizes, scaling=scaling, device=device)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-12), vectors[:0]


image_features = partial(features, encoder_features)
patch_features = partial(features, salient_features)

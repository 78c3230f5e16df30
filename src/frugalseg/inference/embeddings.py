"""What a network sees in whole images, as vectors: its features, and the gradients they would give.

Both take networks of segmentation-models-pytorch: an encoder, a decoder, a segmentation head.
Padding has no part in them. Memory holds a batch and the vectors, whatever the number of images.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from frugalseg.core.rows import Rows
from frugalseg.models.predict import batch_size, to_preds, to_probs
from frugalseg.models.scaling import Scaling

Embed = Callable[[Any, Tensor, NDArray[np.int64]], Tensor]


@torch.inference_mode()
def embeddings(
    embed: Embed,
    model: nn.Module,
    images: Rows,
    rows: NDArray[np.int64],
    extents: NDArray[np.int64],
    *,
    scaling: Scaling,
    device: torch.device,
    batch: int | None = None,
) -> NDArray[np.float32]:
    """Return a vector for each image: `encoder_features` or `gradients`.

    Args:
        embed: what makes vectors of a batch.
        images: uint8, N x H x W x C, read by batch. rows: those that are embedded.
        extents: len(rows) x 2, height and width of each image without its padding.
        batch: images at a time; by default what fits the device.

    Returns:
        float32, len(rows) x D.
    """
    model.eval()
    size = batch or batch_size(images.shape, device)
    vectors = [
        embed(model, scaling.tensor(images[chosen], device), extent).cpu().numpy()
        for chosen, extent in _batches(rows, extents, size)
    ]
    return np.concatenate(vectors) if vectors else np.zeros((0, 0), np.float32)


def encoder_features(model: Any, images: Tensor, extents: NDArray[np.int64]) -> Tensor:
    """Return the deepest encoder features of each image, averaged over its real pixels: n x D.

    The vectors over which a core-set is chosen, as in Sener and Savarese (2018), who take the
    activations before the classifier; a segmentation network's bottleneck stands for them.

    Args:
        images: float, n x C x H x W, scaled. extents: n x 2, as in `embeddings`.
    """
    features: Tensor = model.encoder(images)[-1]
    weights = _weights(extents, images.shape[2:], features)
    return torch.einsum("nchw,nhw->nc", features.float(), weights)


def gradients(model: Any, images: Tensor, extents: NDArray[np.int64]) -> Tensor:
    """Return each image's loss gradient at the last layer, were the prediction its label: n x D.

    Ash et al. (2020), eq. 1, for every pixel: (p - onehot(argmax p)) times the decoder's features,
    the outer product; their mean over the real pixels is what the cross-entropy of the whole image
    would change in a 1 x 1 layer. A head with a larger kernel is taken by its central weights. One
    logit (one foreground class) gives (p - [p >= 1/2]) times the features. D is the number of
    logits times that of the decoder's features.

    Args: as `encoder_features`.
    """
    features: Tensor = model.decoder(model.encoder(images))
    logits: Tensor = model.segmentation_head(features)
    probs = to_probs(logits)
    winner = to_preds(probs, 0.5).long()
    residual = probs - nn.functional.one_hot(winner, probs.shape[1]).movedim(3, 1)
    if logits.shape[1] == 1:
        residual = residual[:, 1:]
    residual = residual * _weights(extents, images.shape[2:], residual)[:, None]
    return torch.einsum("nkhw,ndhw->nkd", residual, features.float()).flatten(1)


def _batches(
    rows: NDArray[np.int64], extents: NDArray[np.int64], size: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size], extents[start : start + size]


def _weights(extents: NDArray[np.int64], size: torch.Size, features: Tensor) -> Tensor:
    """Return weights that average over the cells of `features` that lie on real pixels: n x h x w.

    A cell counts if half of it does; the first of an axis always.
    """
    cells = np.array(features.shape[2:])
    real = np.maximum(1, np.rint(extents * cells / np.array(size)))
    rows, columns = (
        np.arange(count)[None, :] < real[:, axis, None] for axis, count in enumerate(cells)
    )
    inside = (rows[:, :, None] & columns[:, None, :]).astype(np.float32)
    weights = torch.from_numpy(inside / inside.sum(axis=(1, 2), keepdims=True))
    return weights.to(features.device)

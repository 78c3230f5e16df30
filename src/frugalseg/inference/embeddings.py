"""Vectors that describe whole images: a network's features, and the gradients they would give.

Both need networks of the form of segmentation-models-pytorch: an encoder, a decoder and a
segmentation head. Padding is left out. Memory holds one batch and the vectors.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from frugalseg.core.rows import Rows
from frugalseg.models.predict import to_preds, to_probs
from frugalseg.models.scaling import Scaling
from frugalseg.models.tiled import batch_size

Embedding = Callable[[Any, Tensor, NDArray[np.int64]], Tensor]


@torch.inference_mode()
def embed(
    embedding: Embedding,
    model: nn.Module,
    images: Rows,
    rows: NDArray[np.int64],
    extents: NDArray[np.int64],
    *,
    scaling: Scaling,
    device: torch.device,
    batch: int | None = None,
) -> NDArray[np.float32]:
    """Return one vector for each image, float32, len(rows) x D.

    Args:
        embedding: computes the vectors of a batch, such as `encoder_features`.
        images: uint8, N x H x W x C, read by batch. rows: the images to embed.
        extents: len(rows) x 2, height and width of each image without its padding.
        batch: images at a time; by default what fits the device.
    """
    model.eval()
    size = batch or batch_size(images.shape, device)
    vectors = [np.zeros((0, 0), np.float32)] if not len(rows) else []
    for start in range(0, len(rows), size):
        chosen = slice(start, start + size)
        scaled = scaling.tensor(images[rows[chosen]], device)
        vectors.append(embedding(model, scaled, extents[chosen]).cpu().numpy())
    return np.concatenate(vectors)


def encoder_features(model: Any, images: Tensor, extents: NDArray[np.int64]) -> Tensor:
    """Return the deepest encoder features of each image, averaged over its real pixels: n x D.

    Core-sets are chosen over these vectors. Sener and Savarese (2018) use the activations before
    the classifier; the bottleneck takes their place in a segmentation network.

    Args:
        images: float, n x C x H x W, scaled. extents: n x 2, as in `embed`.
    """
    features: Tensor = model.encoder(images)[-1]
    weights = _weights(extents, images.shape[2:], features)
    return torch.einsum("nchw,nhw->nc", features.float(), weights)


def salient_features(model: Any, images: Tensor, extents: NDArray[np.int64]) -> Tensor:
    """Return each image's patch that differs most from the rest of the image: n x D.

    The vector is that patch's encoder features at a sixteenth of the image's size (or of the
    deepest stage, if that is larger) minus their mean over the image's real pixels. Where most of
    an image is background, its mean says little else; a rare object stands out. That anomalies are
    far from normal patches in such features is the finding of PatchCore (Roth et al. 2022).

    Args: as `encoder_features`.
    """
    stages = model.encoder(images)
    features: Tensor = stages[min(4, len(stages) - 1)].float()
    weights = _weights(extents, images.shape[2:], features)
    differences = features - torch.einsum("nchw,nhw->nc", features, weights)[:, :, None, None]
    distances = differences.square().sum(dim=1).where(weights > 0, -1.0)
    farthest = distances.flatten(1).argmax(dim=1)
    chosen: Tensor = differences.flatten(2)[torch.arange(len(images)), :, farthest]
    return chosen


def head_gradients(model: Any, images: Tensor, extents: NDArray[np.int64]) -> Tensor:
    """Return each image's loss gradient at the last layer if its prediction were true: n x D.

    Ash et al. (2020), eq. 1, for every pixel: the outer product of (p - onehot(argmax p)) and the
    decoder's features. Its mean over the real pixels is the change that the cross-entropy of the
    whole image would make to a 1 x 1 layer; of a larger kernel only the center counts. One logit
    (one foreground class) gives (p - [p >= 1/2]) times the features. D is the number of logits
    times that of the decoder's features.

    Args: as `encoder_features`.
    """
    features: Tensor = model.decoder(model.encoder(images))
    logits: Tensor = model.segmentation_head(features)
    probs = to_probs(logits)
    winner = to_preds(probs, 0.5).long()
    residual = probs - nn.functional.one_hot(winner, probs.shape[1]).movedim(3, 1)
    if logits.shape[1] == 1:
        residual = residual[:, 1:]
    if residual.shape[2:] != features.shape[2:]:  # of a head that upsamples: a cell's mean
        residual = nn.functional.adaptive_avg_pool2d(
            residual, (features.shape[2], features.shape[3])
        )
    residual = residual * _weights(extents, images.shape[2:], residual)[:, None]
    return torch.einsum("nkhw,ndhw->nkd", residual, features.float()).flatten(1)


def _weights(extents: NDArray[np.int64], size: torch.Size, features: Tensor) -> Tensor:
    """Return weights that average over the cells of `features` on real pixels: n x h x w.

    A cell counts if at least half of it does; the first one of an axis always counts.
    """
    cells = np.array(features.shape[2:])
    real = np.maximum(1, np.rint(extents * cells / np.array(size)))
    rows, columns = (
        np.arange(count)[None, :] < real[:, axis, None] for axis, count in enumerate(cells)
    )
    inside = (rows[:, :, None] & columns[:, None, :]).astype(np.float32)
    weights = torch.from_numpy(inside / inside.sum(axis=(1, 2), keepdims=True))
    return weights.to(features.device)

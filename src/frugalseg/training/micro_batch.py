"""Micro-batches: a smaller GPU gets the gradients of the whole batch.

The loss is that of the whole batch, since soft Dice of micro-batches would be another loss; only
the activations are those of one micro-batch at a time. The backward pass computes them again (Chen
et al. 2016, "Training Deep Nets with Sublinear Memory Cost"), which takes a third more time.

Batch normalization differs: a micro-batch is normalized by its own statistics. The running
statistics move, over all micro-batches together, as far as they would for the whole batch.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

BatchNorm = nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d | nn.SyncBatchNorm


def set_micro_batch(network: nn.Module, size: int) -> None:
    """Make a network process at most `size` images (N x C x H x W) at a time from now on.

    Parameters, buffers and their names do not change. The last call decides on the size.
    """
    vars(network).pop("forward", None)
    whole: Callable[[Tensor], Tensor] = network.forward
    norms = [module for module in network.modules() if isinstance(module, BatchNorm)]

    def forward(images: Tensor) -> Tensor:
        parts = images.split(size)
        if len(parts) == 1:
            return whole(images)
        if not torch.is_grad_enabled():
            return torch.cat([whole(part) for part in parts])

        def contexts() -> tuple[AbstractContextManager[None], AbstractContextManager[None]]:
            return _momentum(norms, len(parts)), _momentum(norms, None)

        return torch.cat(
            [checkpoint(whole, part, use_reentrant=False, context_fn=contexts) for part in parts]
        )

    network.forward = forward


@contextmanager
def _momentum(norms: list[BatchNorm], parts: int | None) -> Iterator[None]:
    """Spread one step of the running statistics over `parts` passes; with None, change nothing.

    k steps of 1 - (1 - m)^(1/k) leave as much of the old statistics as one step of m.
    """
    before = [(norm, norm.momentum, norm.num_batches_tracked) for norm in norms]
    counts = [None if counter is None else counter.clone() for _, _, counter in before]
    for norm, momentum, _ in before:
        if momentum is not None:  # None: the mean over all batches so far
            norm.momentum = 0.0 if parts is None else 1 - (1 - momentum) ** (1 / parts)
    try:
        yield
    finally:
        for (norm, momentum, counter), count in zip(before, counts, strict=True):
            norm.momentum = momentum
            if parts is None and counter is not None and count is not None:
                counter.copy_(count)

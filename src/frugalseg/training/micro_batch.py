"""A network that takes its batch in parts, so that a smaller GPU gives the gradients of a larger.

The loss is that of the whole batch, whatever it is: soft Dice of parts would be another loss. So
parts are not trained on one after another; only the network's activations are those of one part at
a time. They are computed again on the way back (Chen et al. 2016, "Training Deep Nets with
Sublinear Memory Cost"), for a third more time.

Batch normalization is the one difference: a part is normalized by its own statistics. The running
ones move, over all parts together, as far as they would have moved at once.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.utils.checkpoint import checkpoint


def in_parts(network: nn.Module, size: int) -> None:
    """Let a network take at most `size` images (N x C x H x W) at a time from now on.

    Its parameters, buffers and their names stay as they are. Called again, the last size counts.
    """
    vars(network).pop("forward", None)
    whole: Callable[[Tensor], Tensor] = network.forward
    norms = [module for module in network.modules() if isinstance(module, _BatchNorm)]

    def forward(images: Tensor) -> Tensor:
        parts = images.split(size)
        if len(parts) == 1:
            return whole(images)
        if not torch.is_grad_enabled():
            return torch.cat([whole(part) for part in parts])
        contexts = partial(_contexts, norms, len(parts))
        return torch.cat(
            [checkpoint(whole, part, use_reentrant=False, context_fn=contexts) for part in parts]
        )

    network.forward = forward


def _contexts(
    norms: list[_BatchNorm], parts: int
) -> tuple[AbstractContextManager[None], AbstractContextManager[None]]:
    """Return what surrounds a part on the way there, and when it is computed again."""
    return _momentum(norms, parts), _momentum(norms, None)


@contextmanager
def _momentum(norms: list[_BatchNorm], parts: int | None) -> Iterator[None]:
    """Spread the step of running statistics over a number of parts; None: let them be.

    k steps of 1 - (1 - m)^(1/k) leave as much of the old as one of m.
    """
    before = [norm.momentum for norm in norms]
    for norm, momentum in zip(norms, before, strict=True):
        if momentum is not None:  # None: the mean over all batches so far
            norm.momentum = 0.0 if parts is None else 1 - (1 - momentum) ** (1 / parts)
    counters = [norm.num_batches_tracked for norm in norms if parts is None]
    counted = [None if counter is None else counter.clone() for counter in counters]
    try:
        yield
    finally:
        for norm, momentum in zip(norms, before, strict=True):
            norm.momentum = momentum
        for counter, count in zip(counters, counted, strict=True):
            if counter is not None and count is not None:
                counter.copy_(count)

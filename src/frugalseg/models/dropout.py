"""Dropout added to a finished network, for Monte Carlo dropout.

It is a hook on the outputs of existing modules, so the names of the weights do not change: a
network with dropout loads the file of one without it, and vice versa.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import check

LISTS = (nn.Sequential, nn.ModuleList, nn.ModuleDict)
PROBE = 64
"""Side in pixels of the empty image that shows which units an encoder's stages consist of."""


@dataclass(eq=False)
class Dropout:
    """Elementwise dropout after each of `sites` (Srivastava 2014; Gal & Ghahramani 2016).

    In training mode it draws from PyTorch's global generator. In evaluation mode it does nothing,
    unless `generators` holds one generator for every item of the batch: each item's masks then come
    from its own generator and do not depend on the rest of the batch. With k generators for each
    item, the output has k adjacent repeats of each item.

    Attributes:
        p: probability that an element is zeroed; the others are divided by 1 - p. It is rounded to
            a multiple of 2 ** -16.
        sites: the modules on whose outputs it acts, in the order in which they run.
    """

    p: float
    sites: tuple[nn.Module, ...]
    generators: Sequence[torch.Generator] | None = None

    def __call__(self, module: nn.Module, args: Any, output: Tensor) -> Tensor:
        """Return what the rest of the network sees of a site's output (N x C x H x W)."""
        dropped = round(self.p * 2**16)
        if module.training and output.device.type != "cpu":
            return F.dropout(output, dropped / 2**16, training=True)
        generators = [None] * len(output) if module.training else self.generators
        if generators is None:
            return output
        times, left = divmod(len(generators), len(output))
        if left or not times:
            raise FrugalsegError(
                "Dropout needs the same number of generators for every item of the batch; found "
                f"{len(generators)} for {len(output)}."
            )
        shape = torch.Size((len(generators), *output.shape[1:]))
        kept = _draw(shape, generators, output.device) >= dropped - 2**15
        scale = 2**16 / (2**16 - dropped)
        if module.training:  # not in place: autograd would keep a copy
            return output * kept.to(output.dtype).mul_(scale)
        # in place, and repeated by broadcasting: fewer copies of the largest tensors
        last_is_inner = output.is_contiguous(memory_format=torch.channels_last)
        layout = torch.channels_last if last_is_inner else torch.contiguous_format
        product = kept.to(output.dtype, memory_format=layout)
        product.unflatten(0, (-1, times)).mul_((output * scale).unsqueeze(1))
        return product


def _draw(
    shape: torch.Size, generators: Sequence[torch.Generator | None], device: torch.device
) -> Tensor:
    """Draw int16 over its whole range, N x C x H x W, item i from generator i (None: the global).

    Four numbers come from one draw: several times as fast as `bernoulli_`, which would take most
    of the time of a pass through the head, and 6 % of a training step. Their order in memory is
    channels last whatever the layout of the network, so that equal generators give equal masks.
    """
    items, channels, height, width = shape
    size = channels * height * width
    drawn = torch.empty((items, -(-size // 4)), dtype=torch.int64, device=device)
    for item, generator in zip(drawn, generators, strict=True):
        item.random_(-(2**63), None, generator=generator)
    numbers = drawn.view(torch.int16)[:, :size]
    return numbers.reshape(items, height, width, channels).permute(0, 3, 1, 2)


def add_dropout(model: nn.Module, *, p: float, where: str, channels: int) -> None:
    """Add dropout to a network of segmentation-models-pytorch.

    Args:
        p: probability that an element is zeroed, in (0, 1).
        where: `encoder`: after every unit of the last two stages of the encoder (Li & Alstrom
            2020), `decoder`: after every block of the decoder, `head`: once, before the head.
        channels: image channels.

    Raises:
        FrugalsegError: the network has no such place.
    """
    sites = tuple(SITES[check(SITES, where, "place of dropout")](model, channels))
    if not sites:
        raise FrugalsegError(
            f"The {where} of {type(model).__name__} has no blocks of convolutions in a list, so "
            f"dropout cannot be added there. Set 'where' to another of {', '.join(SITES)}."
        )
    dropout = Dropout(p, sites)
    for site in sites:
        site.register_forward_hook(dropout)
    cast("Any", model).mc_dropout = dropout


def find_dropout(model: nn.Module) -> Dropout | None:
    """Return the dropout that `add_dropout` has added to `model`, if any."""
    dropout: Dropout | None = getattr(model, "mc_dropout", None)
    return dropout


@contextmanager
def output_hooks(
    modules: list[nn.Module], hook: Callable[[nn.Module, Any, Any], None]
) -> Iterator[None]:
    """Call `hook` with the output of each module, before dropout acts on it."""
    handles = [module.register_forward_hook(hook, prepend=True) for module in modules]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _encoder_sites(model: nn.Module, channels: int) -> list[nn.Module]:
    """Return the units whose output has the resolution of one of the last two stages."""
    encoder = cast("nn.Module", model.encoder)
    units = list(_units(encoder))
    sizes: dict[nn.Module, torch.Size] = {}

    def record(unit: nn.Module, args: Any, output: Tensor) -> None:
        sizes[unit] = output.shape[2:]

    training, weight = encoder.training, next(encoder.parameters())
    with torch.no_grad(), output_hooks(units, record):
        features = encoder.eval()(weight.new_zeros(1, channels, PROBE, PROBE))
    encoder.train(training)
    last = [feature.shape[2:] for feature in features[-2:]]
    return [unit for unit in units if sizes.get(unit) in last]


def _units(module: nn.Module) -> Iterator[nn.Module]:
    """Yield the outermost elements of lists of modules that contain convolutions."""
    for child in module.children():
        inner = (part for part in child.modules() if part is not child)
        has_convolutions = any(isinstance(part, nn.Conv2d) for part in inner)
        if isinstance(module, LISTS) and not isinstance(child, LISTS) and has_convolutions:
            yield child
        else:
            yield from _units(child)


SITES: dict[str, Callable[[nn.Module, int], list[nn.Module]]] = {
    "encoder": _encoder_sites,
    "decoder": lambda model, _: [*getattr(model.decoder, "blocks", nn.Identity()).children()],
    "head": lambda model, _: [cast("nn.Module", model.decoder)],
}

"""The part of a forward pass before the first dropout, computed once, and the rest many times.

What a network has computed when its first dropout acts is the same in every stochastic pass. It is
kept as the outputs of the outermost modules that are complete by then; in a pass of the rest these
modules hand out what was kept instead of computing it. So it works for any network, and a module
that runs again after the first dropout is never taken for one that need not.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from frugalseg.core.errors import FrugalsegError
from frugalseg.models.dropout import PROBE, Dropout, find_dropout


class _ReachedError(Exception):
    """The first dropout is reached: the pass may end."""


class SplitModel:
    """A network in evaluation mode, cut at its first dropout."""

    def __init__(self, model: nn.Module, channels: int) -> None:
        """Find the cut by one pass over an empty image.

        Raises:
            FrugalsegError: the network has no dropout.
        """
        dropout = find_dropout(model)
        if dropout is None:
            raise FrugalsegError(
                "Stochastic passes need a model with dropout: set 'dropout: {p, where}' at its "
                "entry under 'models' in params.yaml and train it, or use 1 pass."
            )
        self.model, self.dropout = model.eval(), dropout
        self.cut = _find_cut(self.model, dropout, channels)

    @torch.inference_mode()
    def prefix(self, images: Tensor) -> "Prefix":
        """Compute what comes before the first dropout for images, N x C x H x W."""
        outputs: dict[nn.Module, Any] = {}
        last = self.cut.kept[-1]

        def keep(module: nn.Module, args: Any, output: Any) -> None:
            outputs[module] = output
            if module is last:
                raise _ReachedError

        with _hooks(self.cut.kept, keep), suppress(_ReachedError):
            self.model(images)
        return Prefix(self, images, outputs)


class Prefix:
    """What `SplitModel.prefix` has computed of N images."""

    def __init__(self, split: SplitModel, images: Tensor, outputs: dict[nn.Module, Any]) -> None:
        """Take the images and what the kept modules made of them."""
        self._split, self._images, self._outputs = split, images, outputs

    @torch.inference_mode()
    def rest(self, first: int, last: int, generators: list[list[torch.Generator]]) -> Tensor:
        """Compute the rest for images `first` to `last` (excluded), several passes of each.

        Args:
            generators: of each image one generator a pass; they give the dropout masks.

        Returns:
            Logits, images x passes x classes x H x W.
        """
        passes = len(generators[0])
        modules = self._outputs.items()
        for module, output in modules:
            # a wrong guess of what is used ends in an error, as the sizes do not fit
            times = passes if module in self._split.cut.used else 1
            times = 1 if module is self._split.dropout.sites[0] else times  # dropout repeats it
            vars(module)["forward"] = _answer(_repeat(output, first, last, times))
        self._split.dropout.generators = [one for image in generators for one in image]
        try:
            logits: Tensor = self._split.model(_repeat(self._images, first, last, passes))
        finally:
            self._split.dropout.generators = None
            for module, _ in modules:
                del vars(module)["forward"]
        shape = (last - first, passes, *logits.shape[1:])
        return logits.reshape(shape)


@dataclass(frozen=True)
class Cut:
    """Where a network is cut.

    Attributes:
        kept: the outermost modules that run once, and are complete when the first site of dropout
            is. They come in the order in which they end; the last one is the first site itself.
        used: those of them whose output a module sees that is not kept.
    """

    kept: list[nn.Module]
    used: set[nn.Module]


def _find_cut(model: nn.Module, dropout: Dropout, channels: int) -> Cut:
    ended: list[nn.Module] = []
    runs: Counter[nn.Module] = Counter()
    # the tensors themselves, so that none of them is freed and its id taken by another
    seen: dict[nn.Module, list[Tensor]] = {}
    made: dict[nn.Module, list[Tensor]] = {}

    def note(module: nn.Module, args: Any, output: Any) -> None:
        if runs[dropout.sites[0]] == 0:
            ended.append(module)
        runs[module] += 1
        seen.setdefault(module, []).extend(_tensors(args))
        made.setdefault(module, []).extend(_tensors(output))

    weight = next(model.parameters())
    with torch.no_grad(), _hooks(list(model.modules()), note):
        empty = weight.new_zeros(1, channels, PROBE, PROBE)
        model(empty.contiguous(memory_format=torch.channels_last))
    inside = _parts(ended)
    kept = [module for module in ended if module not in inside and runs[module] == 1]
    computed = set(seen) - set(kept) - _parts(kept)
    needed = {id(tensor) for module in computed for tensor in seen[module]}
    used = {module for module in kept if needed & {id(tensor) for tensor in made[module]}}
    return Cut(kept, used | {kept[-1]})


def _parts(modules: list[nn.Module]) -> set[nn.Module]:
    return {part for module in modules for part in module.modules() if part is not module}


def _tensors(value: Any) -> list[Tensor]:
    if isinstance(value, list | tuple):
        return [tensor for part in value for tensor in _tensors(part)]
    return [value] if isinstance(value, Tensor) else []


@contextmanager
def _hooks(modules: list[nn.Module], hook: Callable[[nn.Module, Any, Any], None]) -> Iterator[None]:
    """Call `hook` with what each module computes, before dropout acts on it."""
    handles = [module.register_forward_hook(hook, prepend=True) for module in modules]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _answer(output: Any) -> Callable[..., Any]:
    return lambda *args, **options: output


def _repeat(output: Any, first: int, last: int, passes: int) -> Any:
    """Return a module's output for some images, the `passes` repeats of one beside each other."""
    if isinstance(output, list | tuple):
        return type(output)(_repeat(part, first, last, passes) for part in output)
    part: Tensor = output[first:last]
    if part.dim() == 4 and part.is_contiguous(memory_format=torch.channels_last):
        # in the order of memory, so that it is one copy and what follows keeps the faster layout
        return _each(part.permute(0, 2, 3, 1), passes).permute(0, 3, 1, 2)
    return _each(part, passes)


def _each(items: Tensor, times: int) -> Tensor:
    """Repeat each item of a batch, in memory of its own: a view would have no layout."""
    repeated = items.unsqueeze(1).expand(-1, times, *items.shape[1:])
    return repeated.flatten(0, 1).contiguous()

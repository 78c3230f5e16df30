"""The part of a forward pass before the first dropout, computed once for many stochastic passes.

The outputs of the outermost modules that are complete before the first dropout are kept; in the
passes of the rest these modules return them instead of computing them again. This works for any
network: a module that also runs after the first dropout is never treated as complete.
"""

from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from frugalseg.core.errors import FrugalsegError
from frugalseg.models.dropout import PROBE, Dropout, find_dropout, output_hooks


class _ReachedError(Exception):
    """The first dropout is reached: the pass may end."""


class SplitModel:
    """A network in evaluation mode, cut at its first dropout."""

    def __init__(self, model: nn.Module, channels: int) -> None:
        """Find the cut by one pass over an empty image; FrugalsegError without any dropout."""
        dropout = find_dropout(model)
        if dropout is None:
            raise FrugalsegError(
                "Stochastic passes need a model with dropout: set 'dropout: {p, where}' at its "
                "entry under 'models' in params.yaml and train it, or use 1 pass."
            )
        self.model, self.dropout = model.eval(), dropout
        self.kept, self.used = _find_cut(self.model, dropout, channels)

    @torch.inference_mode()
    def prefix(self, images: Tensor) -> "Prefix":
        """Compute everything before the first dropout for images, N x C x H x W."""
        outputs: dict[nn.Module, Any] = {}
        last = self.kept[-1]

        def keep(module: nn.Module, args: Any, output: Any) -> None:
            outputs[module] = output
            if module is last:
                raise _ReachedError

        with output_hooks(self.kept, keep), suppress(_ReachedError):
            self.model(images)
        return Prefix(self, images, outputs)


@dataclass(frozen=True, eq=False)
class Prefix:
    """The outputs that `SplitModel.prefix` kept for N images."""

    split: SplitModel
    images: Tensor
    outputs: dict[nn.Module, Any]

    @torch.inference_mode()
    def rest(self, first: int, last: int, generators: list[list[torch.Generator]]) -> Tensor:
        """Compute several passes of the rest for images `first` to `last` (excluded).

        Args:
            generators: for each image one generator a pass, which draw the dropout masks.

        Returns:
            Logits, images x passes x classes x H x W.
        """
        passes, dropout = len(generators[0]), self.split.dropout
        for module, output in self.outputs.items():
            # repeated only where the rest uses it; the output of the first site is repeated by
            # dropout. A wrong guess ends in an error, as the sizes do not fit.
            is_repeated = module in self.split.used and module is not dropout.sites[0]
            kept = _repeat(output, first, last, passes if is_repeated else 1)
            vars(module)["forward"] = lambda *args, kept=kept, **options: kept
        dropout.generators = [one for image in generators for one in image]
        try:
            logits: Tensor = self.split.model(_repeat(self.images, first, last, passes))
        finally:
            dropout.generators = None
            for module in self.outputs:
                del vars(module)["forward"]
        return logits.reshape(last - first, passes, *logits.shape[1:])


def _find_cut(
    model: nn.Module, dropout: Dropout, channels: int
) -> tuple[list[nn.Module], set[nn.Module]]:
    """Return the modules whose outputs are kept, and those of them that the rest reads.

    Kept are the outermost modules that run once and are complete when the first site of dropout
    is, in the order in which they end; the last one is that site itself.
    """
    ended: list[nn.Module] = []
    runs: Counter[nn.Module] = Counter()
    # the tensors themselves, so that none of them is freed and its id reused for another
    inputs: defaultdict[nn.Module, list[Tensor]] = defaultdict(list)
    outputs: defaultdict[nn.Module, list[Tensor]] = defaultdict(list)

    def record(module: nn.Module, args: Any, output: Any) -> None:
        if runs[dropout.sites[0]] == 0:
            ended.append(module)
        runs[module] += 1
        inputs[module] += _tensors(args)
        outputs[module] += _tensors(output)

    weight = next(model.parameters())
    with torch.no_grad(), output_hooks(list(model.modules()), record):
        empty = weight.new_zeros(1, channels, PROBE, PROBE)
        model(empty.contiguous(memory_format=torch.channels_last))
    nested = _descendants(ended)
    kept = [module for module in ended if module not in nested and runs[module] == 1]
    computed = set(inputs) - set(kept) - _descendants(kept)
    needed = {id(tensor) for module in computed for tensor in inputs[module]}
    used = {module for module in kept if needed & {id(tensor) for tensor in outputs[module]}}
    return kept, used | {kept[-1]}


def _descendants(modules: list[nn.Module]) -> set[nn.Module]:
    return {part for module in modules for part in module.modules() if part is not module}


def _tensors(value: Any) -> list[Tensor]:
    if isinstance(value, list | tuple):
        return [tensor for part in value for tensor in _tensors(part)]
    return [value] if isinstance(value, Tensor) else []


def _repeat(output: Any, first: int, last: int, passes: int) -> Any:
    """Return a module's output for some images, with `passes` adjacent repeats of each."""
    if isinstance(output, list | tuple):
        return type(output)(_repeat(part, first, last, passes) for part in output)
    part: Tensor = output[first:last]
    # in the order of memory: it is one copy, and the following layers keep the faster layout
    is_last = part.dim() == 4 and part.is_contiguous(memory_format=torch.channels_last)
    part = part.permute(0, 2, 3, 1) if is_last else part
    repeated = part.unsqueeze(1).expand(-1, passes, *part.shape[1:]).flatten(0, 1).contiguous()
    return repeated.permute(0, 3, 1, 2) if is_last else repeated

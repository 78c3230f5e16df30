"""A training step with its data, against a bare loop over tensors in memory.

Both have the same network, losses, optimizer, batch size and thread in one process, and alternate,
so that a drift of the machine's speed affects both. Prints images per second of each, and their
ratio.
"""

import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from benchmarks.squares import write_stack
from benchmarks.steps import CPU, bare_step, network, steps_of
from benchmarks.turns import turns
from frugalseg.core.device import configure_process
from frugalseg.data.ledger import buy_images, empty_ledger, labeled_rows
from frugalseg.data.revealed import RevealedMasks
from frugalseg.data.stack import Stack, open_stack
from frugalseg.models.scaling import Scaling
from frugalseg.settings.training import AffineParams, AugmentParams
from frugalseg.strategies.supervised import Supervised
from frugalseg.training.batches import LabeledBatches
from frugalseg.training.losses import dice, focal

ROUNDS = 31


@dataclass(frozen=True)
class Case:
    """What is trained: a network, on `batch` images of `size` pixels a step, `steps` at a time."""

    network: Callable[[], nn.Module] = network
    size: int = 128
    batch: int = 8
    steps: int = 4
    device: torch.device = CPU


CASE = Case()


def bare_loop(case: Case = CASE) -> Callable[[], None]:
    """Return a function that trains on tensors on the device, and does nothing else."""
    model = case.network().to(device=case.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    step = bare_step(model.train(), amp=case.device.type == "cuda")
    shape = case.batch, 3, case.size, case.size
    images = torch.rand(shape).to(device=case.device, memory_format=torch.channels_last)
    target = (torch.rand(shape[0], *shape[2:]) > 0.9).to(case.device, torch.uint8)

    def run() -> None:
        for _ in range(case.steps):
            step(images, target)

    return run


def our_loop(stack: Stack, case: Case = CASE) -> Callable[[], None]:
    """Return a function that trains with the project's loop, data included."""
    ledger = buy_images(
        empty_ledger(), stack.index, stack.index["image_id"].tolist(), round_=0, part="train"
    )
    batches = LabeledBatches(
        images=stack.images,
        masks=RevealedMasks(stack.masks_path, stack.index, ledger),
        rows=labeled_rows(stack.index, ledger, "train"),
        size=case.batch,
        augment=AugmentParams(
            hflip=0.5,
            vflip=0.5,
            rot90=True,
            affine=AffineParams(shift=0.05, scale=0.1, rotate=15),
            brightness=0.1,
            contrast=0.1,
        ),
        scaling=Scaling("imagenet"),
        device=case.device,
        key=(0, "bench"),
    )
    strategy = Supervised(case.network(), {"dice": (1.0, dice(1)), "focal": (1.0, focal(1))})
    return steps_of(strategy, batches.__getitem__, case.steps, case.device)


def show(case: Case, rounds: Sequence[Sequence[float]]) -> None:
    """Print images per second of both loops, ours first, and the median ratio."""
    images = case.steps * case.batch
    ours, bare = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratios = sorted(peer / mine for mine, peer in rounds)
    print(f"loop with data  {images / ours:7.1f} images/s")
    print(f"bare loop       {images / bare:7.1f} images/s")
    print(
        f"ratio           {statistics.median(ratios):7.3f}  (from {ratios[0]:.3f} to "
        f"{ratios[-1]:.3f}, {len(ratios)} pairs of {case.steps} steps of {case.batch} images, "
        f"torch {torch.__version__}, {torch.get_num_threads()} threads)"
    )


def main() -> None:
    """Print images per second of both, and the median ratio."""
    configure_process(1)
    with tempfile.TemporaryDirectory() as folder:
        write_stack(Path(folder) / "stack", 200, CASE.size)
        runs = our_loop(open_stack(Path(folder) / "stack")), bare_loop()
        show(CASE, turns(*runs, rounds=ROUNDS))

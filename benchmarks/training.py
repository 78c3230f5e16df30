"""A training step with its data, against a bare loop over tensors that lie ready in memory.

Same network, losses, optimizer, batch size and thread in one process; the two take turns, so that
a drift of the machine's speed meets both. Printed: images per second of each, and their ratio.
"""

import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

import torch

from benchmarks.squares import write_stack
from benchmarks.steps import bare_step, network, steps_of
from benchmarks.turns import turns
from frugalseg import computing
from frugalseg.data.geometry import GeometryOptions
from frugalseg.data.labels import RevealedMasks, buy_images, empty_ledger, labeled_rows
from frugalseg.data.stack import Stack, open_stack
from frugalseg.models.scaling import Scaling
from frugalseg.strategies.supervised import Supervised
from frugalseg.training.batches import LabeledBatches
from frugalseg.training.losses import dice, focal

SIZE, BATCH, STEPS, ROUNDS = 128, 8, 4, 31
CPU = torch.device("cpu")


def bare_loop() -> Callable[[], None]:
    """Return a function that takes `STEPS` steps over tensors in memory, and nothing else."""
    step = bare_step(network().to(memory_format=torch.channels_last).train())
    images = torch.rand(BATCH, 3, SIZE, SIZE).contiguous(memory_format=torch.channels_last)
    target = (torch.rand(BATCH, SIZE, SIZE) > 0.9).to(torch.uint8)

    def run() -> None:
        for _ in range(STEPS):
            step(images, target)

    return run


def our_loop(stack: Stack) -> Callable[[], None]:
    """Return a function that takes `STEPS` steps of the project's loop, data and all."""
    ledger = buy_images(
        empty_ledger(), stack.index, stack.index["image_id"].tolist(), round_=0, part="train"
    )
    batches = LabeledBatches(
        images=stack.images,
        masks=RevealedMasks(stack.masks_path, stack.index, ledger),
        rows=labeled_rows(stack.index, ledger, "train"),
        size=BATCH,
        geometry=GeometryOptions(
            hflip=0.5, vflip=0.5, rot90=True, affine_p=0.5, shift=0.05, scale=0.1, rotate=15
        ),
        brightness=0.1,
        contrast=0.1,
        scaling=Scaling("imagenet"),
        device=CPU,
        key=(0, "bench"),
    )
    strategy = Supervised(network(), {"dice": (1.0, dice(1)), "focal": (1.0, focal(1))})
    return steps_of(strategy, batches.__getitem__, STEPS)


def main() -> None:
    """Print images per second of both, and the median ratio."""
    computing.begin(1)
    with tempfile.TemporaryDirectory() as folder:
        write_stack(Path(folder) / "stack", 200, SIZE)
        runs = our_loop(open_stack(Path(folder) / "stack")), bare_loop()
        seconds = turns(*runs, rounds=ROUNDS)
    ours, bare = (statistics.median(column) for column in zip(*seconds, strict=True))
    ratios = sorted(peer / mine for mine, peer in seconds)
    images = STEPS * BATCH
    print(f"loop with data  {images / ours:7.1f} images/s")
    print(f"bare loop       {images / bare:7.1f} images/s")
    print(
        f"ratio           {statistics.median(ratios):7.3f}  (from {ratios[0]:.3f} to "
        f"{ratios[-1]:.3f}, {ROUNDS} pairs of {STEPS} steps, torch {torch.__version__}, 1 thread)"
    )

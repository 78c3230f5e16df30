"""A Mean Teacher step against the sum of its bare parts, alternating in one process.

The parts, over tensors in memory: student forward and backward on the labeled and the unlabeled
batch with the optimizer's step, teacher forward, and the moving average. Our step draws its batches
and views too.
"""

import copy
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from benchmarks.squares import write_stack
from benchmarks.steps import network, steps_of
from benchmarks.turns import turns
from frugalseg.core.device import configure_process
from frugalseg.data.ledger import buy_images, empty_ledger, labeled_rows
from frugalseg.data.revealed import RevealedMasks
from frugalseg.data.stack import Stack, open_stack
from frugalseg.models.scaling import Scaling
from frugalseg.settings.strategy import UnlabeledParams
from frugalseg.settings.training import AffineParams, AugmentParams
from frugalseg.strategies.mean_teacher import MeanTeacher
from frugalseg.training.batches import LabeledBatches
from frugalseg.training.losses import binary_cross_entropy, dice
from frugalseg.training.unlabeled import UnlabeledBatches

SIZE, BATCH, STEPS, ROUNDS, DECAY = 128, 8, 3, 5, 0.99
CPU, KEY = torch.device("cpu"), (0, "bench")
AUGMENT = AugmentParams(hflip=0.5, vflip=0.2, affine=AffineParams(p=1.0, rotate=10))


def bare_parts() -> Callable[[], None]:
    """Return a function that trains for `STEPS` steps on tensors in memory."""
    student = network().to(memory_format=torch.channels_last).train()
    teacher = copy.deepcopy(student).eval().requires_grad_(False)
    optimizer = torch.optim.AdamW(student.parameters(), lr=1e-3)
    terms = dice(1), binary_cross_entropy(1)
    labeled, weak, strong = (
        torch.rand(BATCH, 3, SIZE, SIZE).contiguous(memory_format=torch.channels_last)
        for _ in range(3)
    )
    target = (torch.rand(BATCH, SIZE, SIZE) > 0.9).to(torch.uint8)
    pairs = [
        (mean, value)
        for mean, value in zip(
            teacher.state_dict().values(), student.state_dict().values(), strict=True
        )
        if mean.is_floating_point()
    ]
    means, values = [mean for mean, _ in pairs], [value for _, value in pairs]

    def run() -> None:
        for _ in range(STEPS):
            with torch.no_grad():
                pseudo: Tensor = teacher(weak).sigmoid()
            labeled_logits, logits = student(torch.cat([labeled, strong])).split(BATCH)
            loss = terms[0](labeled_logits, target) + terms[1](labeled_logits, target)
            loss = loss + ((logits.sigmoid() - pseudo) ** 2).mean()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                torch._foreach_lerp_(means, values, 1 - DECAY)

    return run


def our_loop(stack: Stack) -> Callable[[], None]:
    """Return a function that trains for `STEPS` steps with the project's loop, data included."""
    names = stack.index["image_id"].tolist()
    half = len(names) // 2
    ledger = buy_images(empty_ledger(), stack.index, names[:half], round_=0, part="train")
    labeled = LabeledBatches(
        images=stack.images,
        masks=RevealedMasks(stack.masks_path, stack.index, ledger),
        rows=labeled_rows(stack.index, ledger, "train"),
        size=BATCH,
        augment=AUGMENT,
        scaling=Scaling("imagenet"),
        device=CPU,
        key=KEY,
    )
    unlabeled = UnlabeledBatches(
        images=stack.images,
        rows=np.arange(half, len(names)),
        content=np.full((len(names), 2), SIZE),
        size=BATCH,
        views=1,
        augment=AUGMENT,
        strong=UnlabeledParams(),
        scaling=Scaling("imagenet"),
        device=CPU,
        key=KEY,
    )
    strategy = MeanTeacher(
        network(),
        {"dice": (1.0, dice(1)), "bce": (1.0, binary_cross_entropy(1))},
        ema_decay=DECAY,
        consistency_weight=1.0,
        rampup="sigmoid",
        rampup_steps=100,
        frozen_stages=0,
        keep="teacher",
    )
    return steps_of(strategy, lambda step: replace(labeled[step], unlabeled=unlabeled[step]), STEPS)


def main() -> None:
    """Print seconds a step of both, and the median ratio."""
    configure_process(1)
    with tempfile.TemporaryDirectory() as folder:
        write_stack(Path(folder) / "stack", 100, SIZE)
        runs = our_loop(open_stack(Path(folder) / "stack")), bare_parts()
        seconds = turns(*runs, rounds=ROUNDS)
    ours, bare = (statistics.median(column) / STEPS for column in zip(*seconds, strict=True))
    ratios = sorted(peer / mine for mine, peer in seconds)
    print(f"Mean Teacher step with its data  {ours:6.3f} s")
    print(f"bare parts                       {bare:6.3f} s")
    print(
        f"ratio                            {statistics.median(ratios):6.3f}  (from "
        f"{ratios[0]:.3f} to {ratios[-1]:.3f}, {ROUNDS} pairs of {STEPS} steps, "
        f"{BATCH} + {BATCH} images of {SIZE}, torch {torch.__version__}, 1 thread)"
    )

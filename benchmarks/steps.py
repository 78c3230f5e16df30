"""The network of the built-in study, and steps of the project's own loop with no validation."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from frugalseg.models.build import build_model
from frugalseg.training.loop import Loop, LoopOptions
from frugalseg.training.losses import dice, focal
from frugalseg.training.validation import Validation


def network(where: str | None = None) -> nn.Module:
    """Build the network of the built-in study, with dropout at `where` if it is given."""
    return build_model(
        arch="unet",
        encoder="tu-tf_efficientnet_lite0",
        weights="bundled",
        classes=1,
        channels=3,
        seed=0,
        decoder_channels=(128, 64, 32, 16, 16),
        dropout={"p": 0.5, "where": where} if where else None,
    )


def bare_step(model: nn.Module) -> Callable[[Tensor, Tensor], None]:
    """Return a function that takes one step on images and their target, and nothing else."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    terms = dice(1), focal(1)

    def step(images: Tensor, target: Tensor) -> None:
        logits = model(images)
        loss = terms[0](logits, target) + terms[1](logits, target)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    return step


def steps_of(strategy: Any, batch_of: Callable[[int], Any], steps: int) -> Callable[[], None]:
    """Return a function that takes `steps` steps of the project's loop with AdamW on the CPU."""
    # one validation is always due at the end; here it never comes, as the peers have none
    options = LoopOptions(steps=10**9, validate_every=10**9, optimizer="adamw", lr=1e-3)
    loop = Loop(
        strategy,
        batch_of,
        lambda model: Validation(0.0, 0.0, 0.5),
        options,
        key=(0,),
        device=torch.device("cpu"),
    )

    def run() -> None:
        for _ in range(steps):
            loop.step()

    return run

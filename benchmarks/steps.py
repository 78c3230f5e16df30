"""The network of the built-in study, and steps of the project's loop without validation."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from frugalseg.models.build import build_model
from frugalseg.settings.training import TrainingParams
from frugalseg.training.loop import Loop
from frugalseg.training.losses import dice, focal
from frugalseg.training.validation import Validation

CPU = torch.device("cpu")


def network(where: str | None = None) -> nn.Module:
    """Build the network of the built-in study, with dropout at `where` if that is set."""
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


def bare_step(model: nn.Module, *, amp: bool = False) -> Callable[[Tensor, Tensor], None]:
    """Return a function that takes one step on images and their target, and nothing else.

    Args:
        amp: in mixed precision, on a GPU.
    """
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    terms = dice(1), focal(1)
    scaler = torch.amp.GradScaler("cuda", enabled=amp)

    def step(images: Tensor, target: Tensor) -> None:
        with torch.autocast(images.device.type, enabled=amp):
            logits = model(images)
            loss = terms[0](logits, target) + terms[1](logits, target)
        optimizer.zero_grad(set_to_none=True)
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()

    return step


def steps_of(
    strategy: Any,
    batch_of: Callable[[int], Any],
    steps: int,
    device: torch.device = CPU,
) -> Callable[[], None]:
    """Return a function that takes `steps` steps of the project's loop with AdamW."""
    # the last step always validates, and the peers do not: this loop never reaches it
    forever = {"steps": 10**9, "validate_every": 10**9}
    options = TrainingParams.model_validate({"loss": ["bce"], "batch": 1, "lr": 1e-3} | forever)
    loop = Loop(
        strategy,
        batch_of,
        lambda model: Validation(0.0, 0.0, 0.5),
        options,
        key=(0,),
        device=device,
    )

    def run() -> None:
        for _ in range(steps):
            loop.step()

    return run

"""Mean Teacher (Tarvainen & Valpola 2017), as used on micro-tomography by study 4."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from frugalseg.models.freeze import freeze_stages
from frugalseg.models.predict import to_probs
from frugalseg.strategies.consistency import mean_square
from frugalseg.training.batches import Batch
from frugalseg.training.losses import Loss
from frugalseg.training.ramp import rampup
from frugalseg.training.strategy import Strategy, views_of


class MeanTeacher(Strategy):
    """The supervised losses, and consistency of the student with a teacher on unlabeled images.

    The teacher is the exponential moving average of the student's parameters and buffers. It sees
    the weak view, in evaluation mode and without gradients; the student sees the strong view of
    the same crops. Consistency is the mean squared difference of their probabilities.
    """

    strong_views = 1

    def __init__(
        self,
        model: nn.Module,
        losses: Mapping[str, tuple[float, Loss]],
        *,
        ema_decay: float,
        consistency_weight: float,
        rampup: str,
        rampup_steps: int,
        frozen_stages: int,
        keep: str,
    ) -> None:
        """Take the student, from which the teacher starts too, and the supervised terms.

        Args:
            rampup, rampup_steps: see `frugalseg.training.ramp.rampup`.
            frozen_stages: early encoder stages that stay as they are, batch statistics included.
            keep: `teacher` or `student`: which of them is validated and kept.
        """
        super().__init__()
        self.model = model
        self.teacher = AveragedModel(
            model, multi_avg_fn=get_ema_multi_avg_fn(ema_decay), use_buffers=True
        )
        self.teacher.requires_grad_(False)
        # at 0 the first update would copy the student instead of averaging
        self.teacher.n_averaged.fill_(1)
        encoder: Any = getattr(model, "encoder", model)
        self._frozen = freeze_stages(encoder, frozen_stages)
        self._losses, self._keep = losses, keep
        self._weight, self._ramp = consistency_weight, (rampup, rampup_steps)

    def train(self, mode: bool = True) -> "MeanTeacher":
        """Set the student's mode; the teacher and frozen stages stay in evaluation mode."""
        super().train(mode)
        self.teacher.eval()
        for module in self._frozen:
            module.eval()
        return self

    def losses(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Return the supervised terms and `consistency`, times its weight and its ramp."""
        views = views_of(batch)
        with torch.no_grad():
            taught = views.mixed(to_probs(self.teacher(views.weak)), 0)
        logits, guess = self.model(torch.cat([batch.images, views.strong[0]])).split(
            [len(batch.images), len(views.weak)]
        )
        terms = {n: w * loss(logits, batch.target) for n, (w, loss) in self._losses.items()}
        difference = mean_square(to_probs(guess), taught, views.mixed(views.valid, 0))
        name, steps = self._ramp
        return terms | {"consistency": self._weight * rampup(name, step, steps) * difference}

    def after_step(self, step: int) -> None:
        """Move the teacher."""
        self.teacher.update_parameters(self.model)

    def inference_model(self) -> nn.Module:
        """Return the teacher or the student, as asked for."""
        return self.teacher.module if self._keep == "teacher" else self.model

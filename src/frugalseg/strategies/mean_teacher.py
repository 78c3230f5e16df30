"""Mean Teacher (Tarvainen & Valpola 2017), as study 4 uses it on micro-tomography."""

from typing import Any

import torch
from torch import Tensor, nn

from frugalseg.models.freeze import freeze_stages
from frugalseg.models.predict import to_probs
from frugalseg.settings.strategy import MeanTeacherParams
from frugalseg.strategies.consistency import mean_square, rampup
from frugalseg.training.average import moving_average
from frugalseg.training.batches import Batch
from frugalseg.training.strategy import Strategy, Terms


class MeanTeacher(Strategy):
    """The supervised losses, and consistency of the student with a teacher on unlabeled images.

    The teacher is the exponential moving average of the student's parameters and buffers. It sees
    the weak view, in evaluation mode and without gradients; the student sees the strong view of
    the same crops. Consistency is the mean squared difference of their probabilities. The early
    encoder stages that `frozen_stages` counts stay fixed, batch statistics included.
    """

    strong_views = 1

    def __init__(self, model: nn.Module, terms: Terms, **options: Any) -> None:
        """Create the strategy; the teacher starts as a copy of the student `model`.

        Args:
            terms: the supervised loss terms.
            options: the fields of `MeanTeacherParams`.
        """
        super().__init__(model, terms)
        self._options = MeanTeacherParams(**options)
        self.teacher = moving_average(model, self._options.ema_decay)
        encoder: Any = getattr(model, "encoder", model)
        freeze_stages(encoder, self._options.frozen_stages)

    def losses(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Return the supervised terms and `consistency`, times its weight and its ramp."""
        views, options = batch.views, self._options
        with torch.no_grad():
            expected = views.mixed(to_probs(self.teacher(views.weak)), 0)
        logits, strong_logits = self.model(torch.cat([batch.images, views.strong[0]])).split(
            [len(batch.images), len(views.weak)]
        )
        terms = self.supervised_losses(logits, batch.target)
        difference = mean_square(to_probs(strong_logits), expected, views.mixed(views.valid, 0))
        ramp = rampup(options.rampup, step, options.rampup_steps)
        return terms | {"consistency": options.consistency_weight * ramp * difference}

    def after_step(self, step: int) -> None:
        """Update the teacher's moving average."""
        self.teacher.update_parameters(self.model)

    def inference_model(self) -> nn.Module:
        """Return the teacher or the student, as `keep` says."""
        return self.teacher.module if self._options.keep == "teacher" else self.model

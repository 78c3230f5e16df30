"""What every strategy is to the loop: loss terms, a hook, and the model that is kept."""

from torch import Tensor, nn

from frugalseg.training.batches import Batch


class Strategy(nn.Module):
    """How a model learns from a batch. The loop, its optimizer and its clock are not its business.

    All state (a teacher, counters) lies in modules and buffers, so that `state_dict` is what a
    checkpoint needs.
    """

    def losses(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Return the named loss terms of a step; the loop minimizes their sum."""
        raise NotImplementedError

    def after_step(self, step: int) -> None:
        """Do what follows an optimizer step, such as moving a teacher."""

    def inference_model(self) -> nn.Module:
        """Return the network that is validated and kept."""
        raise NotImplementedError

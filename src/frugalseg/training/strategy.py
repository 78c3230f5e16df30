"""What every strategy is to the loop: loss terms, a hook, and the model that is kept."""

from torch import Tensor, nn

from frugalseg.core.errors import FrugalsegError
from frugalseg.training.batches import Batch
from frugalseg.training.views import Views


class Strategy(nn.Module):
    """How a model learns from a batch. The loop, its optimizer and its clock are not its business.

    All state (a teacher, counters) lies in modules and buffers, so that `state_dict` is what a
    checkpoint needs.

    Attributes:
        strong_views: strong views that it needs of each unlabeled image; 0 if it learns from
            labeled images alone.
    """

    strong_views: int = 0

    def losses(self, batch: Batch, step: int) -> dict[str, Tensor]:
        """Return the named loss terms of a step; the loop minimizes their sum."""
        raise NotImplementedError

    def after_step(self, step: int) -> None:
        """Do what follows an optimizer step, such as moving a teacher."""

    def inference_model(self) -> nn.Module:
        """Return the network that is validated and kept."""
        raise NotImplementedError


def views_of(batch: Batch) -> Views:
    """Return the unlabeled views of a batch.

    Raises:
        FrugalsegError: it has none.
    """
    if batch.unlabeled is None:
        raise FrugalsegError(
            "This strategy learns from unlabeled images too; found a batch without any. Join "
            "labeled and unlabeled batches with frugalseg.training.unlabeled.joined."
        )
    return batch.unlabeled

"""The exponential moving average of a network's weights (Polyak & Juditsky 1992)."""

from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn


def moving_average(model: nn.Module, decay: float) -> AveragedModel:
    """Return a copy of `model` whose parameters and buffers average those that it is updated with.

    Args:
        decay: share of the average that an update keeps, in [0, 1).

    Example:
        >>> model = nn.Linear(1, 1, bias=False)
        >>> _ = nn.init.constant_(model.weight, 1.0)
        >>> average = moving_average(model, decay=0.75)
        >>> _ = nn.init.constant_(model.weight, 5.0)
        >>> average.update_parameters(model)
        >>> average.module.weight.item()
        2.0
    """
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay), use_buffers=True)
    average.requires_grad_(False)
    # at 0 the first update would copy the model instead of averaging
    average.n_averaged.fill_(1)
    return average.eval()

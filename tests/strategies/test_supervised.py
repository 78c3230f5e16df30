import torch
from torch import nn

from frugalseg.strategies.supervised import Supervised
from frugalseg.training.batches import Batch


def test_each_term_is_weighted_and_the_network_is_kept() -> None:
    model = nn.Conv2d(3, 1, 1)
    strategy = Supervised(
        model,
        {
            "mean": (2.0, lambda logits, target: logits.mean()),
            "labeled": (0.5, lambda logits, target: target.float().sum()),
        },
    )
    batch = Batch(torch.ones(2, 3, 4, 4), torch.ones(2, 4, 4, dtype=torch.uint8))
    terms = strategy.losses(batch, step=0)
    assert torch.allclose(terms["mean"], 2 * model(batch.images).mean())
    assert float(terms["labeled"]) == 16.0
    assert strategy.inference_model() is model
    assert {name.split(".")[0] for name in strategy.state_dict()} == {"model"}

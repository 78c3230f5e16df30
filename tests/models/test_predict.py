import numpy as np
import torch

from frugalseg.models.predict import foreground, predict, to_preds, to_probs
from frugalseg.models.scaling import Scaling


def test_one_logit_is_a_sigmoid_with_its_complement() -> None:
    probs = to_probs(torch.tensor([0.0, 3.0]).view(2, 1, 1, 1))
    assert torch.allclose(probs[:, 1].flatten(), torch.tensor([0.5, 0.952574]), atol=1e-6)
    assert torch.allclose(probs.sum(dim=1), torch.ones(2, 1, 1))


def test_several_logits_are_a_softmax() -> None:
    probs = to_probs(torch.tensor([0.0, 1.0, 2.0]).view(1, 3, 1, 1))
    assert torch.allclose(probs.flatten(), torch.tensor([0.0900, 0.2447, 0.6652]), atol=1e-4)


def test_the_most_probable_foreground_class_is_held_against_the_background() -> None:
    probs = torch.tensor([[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]]).view(2, 3, 1, 1)
    shares, classes = foreground(probs)
    torch.testing.assert_close(shares.flatten(), torch.tensor([0.3 / 0.8, 0.5 / 0.7]))
    assert classes.flatten().tolist() == [1, 2]
    assert to_preds(probs, threshold=0.37).flatten().tolist() == [1, 2]
    assert to_preds(probs, threshold=0.72).flatten().tolist() == [0, 0]


def test_at_one_half_the_most_probable_class_wins() -> None:
    probs = to_probs(torch.randn(4, 5, 8, 8, generator=torch.Generator().manual_seed(0)))
    assert torch.equal(to_preds(probs, 0.5), probs.argmax(dim=1).to(torch.uint8))


def test_a_probability_at_the_threshold_is_foreground() -> None:
    probs = torch.tensor([[0.6, 0.4], [0.7, 0.3]]).view(2, 2, 1, 1)
    assert to_preds(probs, threshold=0.4).flatten().tolist() == [1, 0]


def test_batches_come_in_order_and_their_size_changes_nothing() -> None:
    images = np.random.default_rng(0).integers(0, 255, (7, 8, 8, 3)).astype(np.uint8)
    model = torch.nn.Conv2d(3, 1, 1)
    rows = np.array([6, 0, 3, 2, 5])
    found = []
    for batch in (2, 5):
        parts = list(
            predict(
                model,
                images,
                rows,
                scaling=Scaling("unit"),
                batch=batch,
                device=torch.device("cpu"),
            )
        )
        assert np.concatenate([part for part, _ in parts]).tolist() == rows.tolist()
        found.append(torch.cat([probs for _, probs in parts]))
    assert torch.allclose(found[0], found[1], atol=1e-6)

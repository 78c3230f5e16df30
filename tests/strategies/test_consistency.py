import torch

from frugalseg.strategies.consistency import masked_mean, mean_square


def test_the_mean_square_by_hand_over_counted_pixels() -> None:
    one = torch.tensor([[0.8, 0.2], [0.2, 0.8]]).view(1, 2, 1, 2)
    two = torch.tensor([[0.5, 0.2], [0.5, 0.8]]).view(1, 2, 1, 2)
    both = torch.ones(1, 1, 2, dtype=torch.bool)
    assert torch.isclose(mean_square(one, two, both), torch.tensor(0.3**2 / 2))
    first = torch.tensor([[[True, False]]])
    assert torch.isclose(mean_square(one, two, first), torch.tensor(0.3**2))


def test_nothing_counted_is_0_with_a_gradient() -> None:
    values = torch.rand(1, 2, 2, requires_grad=True)
    loss = masked_mean(values, torch.zeros(1, 2, 2, dtype=torch.bool))
    loss.backward()
    assert float(loss.detach()) == 0
    assert values.grad is not None

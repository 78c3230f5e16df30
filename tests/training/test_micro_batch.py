import pytest
import torch
from torch import Tensor, nn

from frugalseg.training.losses import binary_cross_entropy, dice
from frugalseg.training.micro_batch import set_micro_batch


def data() -> tuple[Tensor, Tensor]:
    images = torch.rand(5, 3, 8, 8, generator=torch.Generator().manual_seed(1))
    return images, (images.mean(dim=1) > 0.5).to(torch.uint8)


def network(*, normalized: bool = False) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(0)
        norm = nn.BatchNorm2d(4) if normalized else nn.Identity()
        return nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), norm, nn.ReLU(), nn.Conv2d(4, 1, 1))


def gradients(model: nn.Module) -> tuple[float, list[Tensor]]:
    """Return the loss, which is no mean over images, and the gradients of all parameters."""
    images, target = data()
    target[4] = 255  # an image without labels
    logits = model(images)
    loss = dice(1)(logits, target) + binary_cross_entropy(1)(logits, target)
    loss.backward()
    return loss.item(), [p.grad for p in model.parameters() if p.grad is not None]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 9])
def test_loss_and_gradients_are_those_of_the_whole_batch(size: int) -> None:
    whole, parts = network(), network()
    set_micro_batch(parts, size)
    expected, found = gradients(whole), gradients(parts)
    assert found[0] == pytest.approx(expected[0], rel=1e-6)
    assert len(found[1]) == 4
    for one, two in zip(found[1], expected[1], strict=True):
        torch.testing.assert_close(one, two)


def test_never_more_images_than_asked_for_and_the_last_size_counts() -> None:
    model, seen = network(), []
    model[0].register_forward_pre_hook(lambda _, given: seen.append(len(given[0])))  # type: ignore[index]
    set_micro_batch(model, 4)
    set_micro_batch(model, 2)
    with torch.no_grad():
        model(data()[0])
    assert seen == [2, 2, 1]


def test_dropout_is_the_same_on_the_way_back() -> None:
    # d loss / d image is 0 exactly where the way there dropped it
    model = nn.Sequential(nn.Dropout(0.5))
    set_micro_batch(model, 2)
    images = torch.ones(5, 3, 8, 8, requires_grad=True)
    out = model(images)
    out.sum().backward()
    assert images.grad is not None
    assert torch.equal(images.grad, out.detach())
    assert 0 < (out == 0).float().mean() < 1


def test_running_statistics_move_once_and_as_far_as_at_once() -> None:
    norm = nn.BatchNorm2d(1, momentum=0.19)
    model = nn.Sequential(norm)
    set_micro_batch(model, 1)
    images = torch.stack([torch.full((1, 2, 2), 1.0), torch.full((1, 2, 2), 3.0)])
    model(images).sum().backward()
    # 1 - (1 - .19)^(1/2) = .1: 0 -> .1 x 1 -> .9 x .1 + .1 x 3; of the old mean .81 is left
    torch.testing.assert_close(norm.running_mean, torch.tensor([0.39]))
    assert norm.momentum == 0.19
    assert norm.num_batches_tracked is not None
    assert int(norm.num_batches_tracked) == 2


def test_names_and_states_stay() -> None:
    model, plain = network(normalized=True), network(normalized=True)
    set_micro_batch(model, 2)
    assert list(model.state_dict()) == list(plain.state_dict())
    set_micro_batch(model, 2)
    model.eval()
    plain.eval()
    torch.testing.assert_close(model(data()[0]), plain(data()[0]))

import copy

import pytest
import torch
from torch import Tensor, nn

from frugalseg.core.errors import FrugalsegError
from frugalseg.models.build import build_model
from frugalseg.models.dropout import Dropout, add_dropout, find_dropout
from frugalseg.settings.model import ModelParams
from frugalseg.stages.train import network

SMALL = {"weights": "none", "classes": 1, "channels": 3, "seed": 0}


def build(arch: str, encoder: str, where: str | None, p: float = 0.5) -> nn.Module:
    dropout = None if where is None else {"p": p, "where": where}
    return build_model(arch=arch, encoder=encoder, **SMALL, dropout=dropout)  # type: ignore[arg-type]


def names(model: nn.Module) -> list[str]:
    dropout = find_dropout(model)
    assert dropout is not None
    known = {module: name for name, module in model.named_modules()}
    return [known[site] for site in dropout.sites]


# units of the last two stages: 6 + 3 bottlenecks; 3 + 3 and 4 + 1 blocks of EfficientNet-lite0;
# 6 + 6 and 8 + 2 of EfficientNet-B4 (Tan & Le 2019, table 1, with depth times 1.8)
@pytest.mark.parametrize(
    ("encoder", "count", "first", "last"),
    [
        ("resnet50", 9, "encoder.layer3.0", "encoder.layer4.2"),
        ("tu-resnet50", 9, "encoder.model.layer3.0", "encoder.model.layer4.2"),
        ("tu-tf_efficientnet_lite0", 11, "encoder.model.blocks.3.0", "encoder.model.blocks.6.0"),
        ("efficientnet-b4", 22, "encoder._blocks.10", "encoder._blocks.31"),
    ],
)
def test_encoder_dropout_follows_every_unit_of_the_last_two_stages(
    encoder: str, count: int, first: str, last: str
) -> None:
    found = names(build("unet", encoder, "encoder"))
    assert len(found) == count
    assert (found[0], found[-1]) == (first, last)


def test_decoder_and_head_sites() -> None:
    assert names(build("unet", "resnet18", "decoder")) == [f"decoder.blocks.{k}" for k in range(5)]
    plus = names(build("unetplusplus", "resnet18", "decoder"))
    assert len(plus) == 11
    assert set(plus) >= {"decoder.blocks.x_0_0", "decoder.blocks.x_0_4"}
    assert names(build("unet", "resnet18", "head")) == ["decoder"]


def test_weights_keep_their_names_and_values() -> None:
    plain, other = (build("unet", "resnet18", where).state_dict() for where in (None, "encoder"))
    assert list(plain) == list(other)
    assert all(torch.equal(plain[name], other[name]) for name in plain)


def test_without_generators_evaluation_is_deterministic_and_training_is_not() -> None:
    model, plain = (build("unet", "resnet18", where).eval() for where in ("decoder", None))
    image = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        assert torch.equal(model(image), plain(image))
        model.train()
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        torch.manual_seed(0)
        one, two = model(image), model(image)
        torch.manual_seed(0)
        assert torch.equal(model(image), one)
    assert not torch.equal(one, two)


def test_a_copy_has_its_own_dropout() -> None:
    model = build("unet", "resnet18", "head")
    twin = copy.deepcopy(model)
    ours, theirs = find_dropout(model), find_dropout(twin)
    assert ours is not None
    assert theirs is not None
    assert theirs is not ours
    assert theirs.sites == (twin.decoder,)
    decoder = twin.decoder
    assert isinstance(decoder, nn.Module)
    hooks = list(decoder._forward_hooks.values())
    assert hooks == [theirs]


def masks(p: float, output: Tensor, seed: int = 0) -> Tensor:
    site = nn.Identity().eval()
    generators = [torch.Generator().manual_seed(seed) for _ in output]
    return Dropout(p, (site,), generators)(site, (), output)


def test_masks_keep_the_mean_and_zero_the_share() -> None:
    found = masks(0.3, torch.ones(1, 8, 100, 100))
    assert found.unique().tolist() == pytest.approx([0, 1 / 0.7], abs=1e-4)
    # 80,000 draws: four standard errors of a share of 0.3 are 0.0065
    assert float((found == 0).float().mean()) == pytest.approx(0.3, abs=0.0065)
    assert float(found.mean()) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_training_drops_each_element_of_its_own_and_so_does_the_gradient(
    layout: torch.memory_format,
) -> None:
    output = torch.ones(2, 8, 100, 50).contiguous(memory_format=layout).requires_grad_()
    torch.manual_seed(0)
    found = Dropout(0.3, ())(nn.Identity().train(), (), output)
    found.sum().backward()
    assert output.grad is not None
    assert torch.equal(output.grad, found)
    assert found.unique().tolist() == pytest.approx([0, 1 / 0.7], abs=1e-4)
    dropped = found == 0
    # 80,000 draws: four standard errors of a share of 0.3 are 0.0065
    assert float(dropped.float().mean()) == pytest.approx(0.3, abs=0.0065)
    assert not torch.equal(dropped[0], dropped[1])


def test_masks_follow_the_item_and_not_the_batch_or_the_layout() -> None:
    output = torch.ones(3, 4, 6, 5)
    together = masks(0.5, output)
    assert torch.equal(together[0], together[2])
    assert torch.equal(masks(0.5, output[:1])[0], together[0])
    last = output.contiguous(memory_format=torch.channels_last)
    assert torch.equal(masks(0.5, last), together)
    assert not torch.equal(masks(0.5, output, seed=1), together)


def test_errors_say_what_is_wrong() -> None:
    model = build("unet", "resnet18", None)
    with pytest.raises(FrugalsegError, match="Unknown place of dropout 'neck'. Known: decoder"):
        add_dropout(model, p=0.5, where="neck", channels=3)
    model.decoder = nn.Conv2d(512, 16, 1)
    with pytest.raises(FrugalsegError, match="decoder of Unet has no blocks of convolutions"):
        add_dropout(model, p=0.5, where="decoder", channels=3)
    site = nn.Identity().eval()
    with pytest.raises(FrugalsegError, match="found 1 for 2"):
        Dropout(0.5, (site,), [torch.Generator()])(site, (), torch.ones(2, 1, 1, 1))


def test_a_model_without_dropout_is_described_as_before() -> None:
    entry = {"arch": "unet", "encoder": "resnet18", "weights": "none"}
    assert "dropout" not in network(ModelParams.model_validate(entry))
    dropout = {"p": 0.5, "where": "decoder"}
    assert network(ModelParams.model_validate(entry | {"dropout": dropout}))["dropout"] == dropout
    assert find_dropout(build("unet", "resnet18", None)) is None


@pytest.mark.parametrize("layout", [torch.contiguous_format, torch.channels_last])
def test_more_generators_than_items_repeat_each_item(layout: torch.memory_format) -> None:
    output = torch.rand(2, 3, 4, 5).contiguous(memory_format=layout)
    site = nn.Identity().eval()

    def dropped(items: Tensor, seeds: list[int]) -> Tensor:
        generators = [torch.Generator().manual_seed(seed) for seed in seeds]
        return Dropout(0.5, (site,), generators)(site, (), items)

    found = dropped(output, [0, 1, 2, 3, 4, 5])
    assert torch.equal(found, dropped(output.repeat_interleave(3, dim=0), [0, 1, 2, 3, 4, 5]))
    assert found.is_contiguous(memory_format=layout)
    with pytest.raises(FrugalsegError, match="found 3 for 2"):
        dropped(output, [0, 1, 2])

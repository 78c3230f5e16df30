import pytest
import torch

from frugalseg.core.errors import FrugalsegError
from frugalseg.models.build import build_model, logit_channels

SETTINGS = {"arch": "unet", "encoder": "resnet18", "weights": "none", "channels": 3, "seed": 0}


@pytest.mark.parametrize("arch", ["unet", "unetplusplus"])
@pytest.mark.parametrize(("classes", "channels"), [(1, 1), (3, 4)])
def test_logits_have_the_image_size(arch: str, classes: int, channels: int) -> None:
    model = build_model(**(SETTINGS | {"arch": arch}), classes=classes)  # type: ignore[arg-type]
    assert logit_channels(classes) == channels
    assert model(torch.zeros(2, 3, 64, 96)).shape == (2, channels, 64, 96)


def test_the_seed_decides_the_weights_and_global_state_is_left_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    one, two = (build_model(**SETTINGS, classes=1) for _ in range(2))  # type: ignore[arg-type]
    other = build_model(**(SETTINGS | {"seed": 1}), classes=1)  # type: ignore[arg-type]
    assert torch.equal(torch.rand(1), expected)
    pairs = list(zip(one.parameters(), two.parameters(), other.parameters(), strict=True))
    assert all(torch.equal(a, b) for a, b, _ in pairs)
    assert not all(torch.equal(a, c) for a, _, c in pairs)


def test_hub_weights_that_cannot_be_had_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")

    def offline(*args: object, **options: object) -> None:
        raise OSError("We couldn't connect to the hub")

    monkeypatch.setattr("segmentation_models_pytorch.encoders.hf_hub_download", offline)
    with pytest.raises(FrugalsegError, match="'bundled' with encoder 'tu-tf_efficientnet_lite0'"):
        build_model(**(SETTINGS | {"weights": "imagenet"}), classes=1)  # type: ignore[arg-type]

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from frugalseg.core.errors import FrugalsegError
from frugalseg.models.build import build_model
from frugalseg.models.vit_encoder import VitEncoder, is_vit

TINY = "tu-vit_tiny_patch16_224"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tu-vit_small_patch14_dinov2.lvd142m", True),
        ("tu-vit_small_patch16_dinov3", True),
        (TINY, True),
        ("tu-convnext_tiny.dinov3_lvd1689m", False),
        ("tu-tf_efficientnet_lite0", False),
        ("resnet18", False),
    ],
)
def test_networks_with_one_grid_of_patches_are_told_from_those_with_stages(
    name: str, expected: bool
) -> None:
    assert is_vit(name) is expected


@pytest.mark.parametrize(
    ("name", "grid"), [("tu-vit_small_patch14_dinov2", (7, 11)), (TINY, (6, 10))]
)
def test_features_are_those_of_the_last_blocks_at_the_nearest_grid_of_patches(
    name: str, grid: tuple[int, int]
) -> None:
    encoder = VitEncoder(name, in_channels=3, pretrained=False).eval()
    images = torch.rand(1, 3, 96, 160, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        first, *maps = encoder(images)
    assert first is images
    assert [tuple(one.shape[1:]) for one in maps] == [(c, *grid) for c in encoder.out_channels[1:]]
    assert len({float(one.sum()) for one in maps}) == 4


def vit_head(**changes: object) -> torch.nn.Module:
    settings = {"arch": "frozen_head", "encoder": TINY, "weights": "none", "seed": 0} | changes
    return build_model(**settings, classes=1, channels=3)  # type: ignore[arg-type]


def test_a_head_on_a_vision_transformer_gives_logits_of_the_image_size(tmp_path: Path) -> None:
    model = vit_head().eval()
    with torch.inference_mode():
        assert model(torch.zeros(2, 3, 64, 96)).shape == (2, 1, 64, 96)
    encoder = model.encoder
    assert isinstance(encoder, VitEncoder)
    save_file(encoder.state_dict(), tmp_path / "vit.safetensors")
    loaded = vit_head(weights=f"file:{tmp_path / 'vit.safetensors'}", seed=1).encoder
    assert isinstance(loaded, VitEncoder)
    pairs = zip(encoder.parameters(), loaded.parameters(), strict=True)
    assert all(torch.equal(one, other) for one, other in pairs)


def test_other_architectures_say_that_they_need_stages() -> None:
    with pytest.raises(FrugalsegError, match="unet cannot be built with"):
        build_model(arch="unet", encoder=TINY, weights="none", classes=1, channels=3, seed=0)

import re
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from frugalseg.core.errors import FrugalsegError
from frugalseg.models.build import build_model
from frugalseg.models.file import load_model, load_weights, read_card, save_model
from frugalseg.models.fold import fold_batch_norms

NETWORK = {"arch": "unet", "encoder": "resnet18", "weights": "none", "decoder_channels": None}
CARD: dict[str, Any] = {"model": NETWORK, "classes": ["defect"], "channels": 3, "threshold": 0.4}


def network(seed: int = 0) -> torch.nn.Module:
    return build_model(**NETWORK, classes=1, channels=3, seed=seed)  # type: ignore[arg-type]


def test_a_model_file_alone_gives_the_same_predictions(tmp_path: Path) -> None:
    model = network().eval()
    save_model(tmp_path / "m.safetensors", model, CARD)
    loaded, card = load_model(tmp_path / "m.safetensors")
    image = torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        assert torch.equal(fold_batch_norms(model)(image), loaded(image))
    assert card == CARD


def test_equal_models_are_equal_bytes(tmp_path: Path) -> None:
    for name in "ab":
        model = network().to(memory_format=torch.channels_last)
        save_model(tmp_path / name, model, CARD)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a", "b"]


def test_foreign_truncated_and_unfitting_files_are_refused(tmp_path: Path) -> None:
    save_file({"x": torch.zeros(1)}, tmp_path / "foreign.safetensors")
    with pytest.raises(FrugalsegError, match="expected a model of format 'frugalseg-model-1'"):
        read_card(tmp_path / "foreign.safetensors")
    save_model(tmp_path / "m.safetensors", network(), CARD)
    whole = (tmp_path / "m.safetensors").read_bytes()
    (tmp_path / "half.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(FrugalsegError, match="not a readable safetensors file"):
        read_card(tmp_path / "half.safetensors")
    other = build_model(**(NETWORK | {"arch": "unetplusplus"}), classes=1, channels=3, seed=0)  # type: ignore[arg-type]
    with pytest.raises(FrugalsegError, match="does not fit the network"):
        load_weights(tmp_path / "m.safetensors", other)


def test_a_flexible_unet_is_loaded_from_its_file_alone(tmp_path: Path) -> None:
    flex = {"levels": 3, "filters": 4, "kernels": [5, 3], "norm": "instance"}
    settings = {"arch": "flex_unet", "encoder": None, "weights": "none", "flex": flex}
    model = build_model(**settings, classes=2, channels=1, seed=3).eval()  # type: ignore[arg-type]
    card = CARD | {"model": settings, "classes": ["pit", "crack"], "channels": 1}
    save_model(tmp_path / "m.safetensors", model, card)
    loaded, _ = load_model(tmp_path / "m.safetensors")
    image = torch.rand(1, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        assert torch.equal(model(image), loaded(image))
        assert loaded(image).shape == (1, 3, 16, 16)


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("frugalseg-model-0", "the older frugalseg-model-0. Train it again with this version"),
        ("frugalseg-model-2", "the newer frugalseg-model-2. Install the version that wrote it"),
        ("frugalseg-model-x", "the older frugalseg-model-x. Train it"),
        ("pt", "found ['pt']. Use a model.safetensors"),
    ],
)
def test_other_versions_are_told_apart(key: str, message: str, tmp_path: Path) -> None:
    save_file({"x": torch.zeros(1)}, tmp_path / "m", metadata={key: "{}"})
    with pytest.raises(FrugalsegError, match=re.escape(message)):
        read_card(tmp_path / "m")


@pytest.mark.parametrize(
    "changes",
    [{"model": NETWORK | {"later": 1}}, {"model": ["unet"]}, {"channels": "many"}, {"classes": 3}],
)
def test_a_card_that_no_network_can_be_built_from_is_refused(
    changes: dict[str, Any], tmp_path: Path
) -> None:
    save_model(tmp_path / "m", network(), CARD | changes)
    with pytest.raises(FrugalsegError, match="no network can be built from its card"):
        load_model(tmp_path / "m")


def test_weights_of_other_channels_are_refused_in_one_line(tmp_path: Path) -> None:
    save_model(tmp_path / "m", network(), CARD | {"channels": 1})
    with pytest.raises(FrugalsegError, match="does not fit the network") as told:
        load_model(tmp_path / "m")
    assert len(str(told.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("card", "message"),
    [
        ("{", "its card is damaged"),
        ("[1]", "its card is not a table"),
        ('{"model": {}, "channels": 3}', "its card lacks classes, threshold; it was written by"),
    ],
)
def test_a_card_that_is_damaged_or_of_another_version_is_refused(
    card: str, message: str, tmp_path: Path
) -> None:
    save_file({"x": torch.zeros(1)}, tmp_path / "m", metadata={"frugalseg-model-1": card})
    with pytest.raises(FrugalsegError, match=message):
        load_model(tmp_path / "m", ["threshold"])

import numpy as np
import pytest
import timm
import torch
from safetensors.torch import save_file
from skimage import data
from skimage.transform import resize

from frugalseg.core.errors import FrugalsegError
from frugalseg.models.build import build_model
from frugalseg.models.scaling import Scaling
from frugalseg.models.weights import BUNDLED, bundled_state, load_encoder_file, map_in_order

TABBY, TIGER_CAT, EGYPTIAN_CAT = 281, 282, 285


def small(**changes: object) -> torch.nn.Module:
    settings = {
        "arch": "unet",
        "encoder": f"tu-{BUNDLED}",
        "weights": "bundled",
        "classes": 1,
        "channels": 3,
        "seed": 0,
    }
    return build_model(**(settings | changes))  # type: ignore[arg-type]


def test_the_bundled_weights_know_a_cat() -> None:
    network = timm.create_model(BUNDLED, pretrained=False)
    network.load_state_dict(map_in_order(bundled_state(), network.state_dict()), strict=False)
    cat = (resize(data.chelsea()[:, 75:375], (224, 224), anti_aliasing=True) * 255).astype(np.uint8)
    with torch.inference_mode():
        logits = network.eval()(Scaling("imagenet").tensor(cat[None], torch.device("cpu")))
    assert int(logits.argmax()) in {TABBY, TIGER_CAT, EGYPTIAN_CAT}


def test_the_encoder_gets_exactly_these_weights() -> None:
    network = timm.create_model(BUNDLED, pretrained=False)
    state = map_in_order(bundled_state(), network.state_dict())
    inner = small().encoder.model.state_dict()  # type: ignore[union-attr]
    assert len(inner) > 200
    for name, tensor in inner.items():
        if not name.endswith("num_batches_tracked"):
            assert torch.equal(tensor, state[name])


def test_weights_of_another_network_are_refused() -> None:
    other = timm.create_model("resnet10t", pretrained=False)
    with pytest.raises(FrugalsegError, match="do not fit the network"):
        map_in_order(bundled_state(), other.state_dict())


def test_bundled_weights_exist_for_one_encoder_only() -> None:
    with pytest.raises(FrugalsegError, match="'bundled' exist for the encoder"):
        small(encoder="resnet18")


def test_an_encoder_takes_a_local_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    source = small(weights="none", seed=1)
    save_file(source.encoder.state_dict(), tmp_path / "encoder.safetensors")  # type: ignore[union-attr]
    taken = small(weights=f"file:{tmp_path / 'encoder.safetensors'}", seed=2)
    for one, two in zip(source.encoder.parameters(), taken.encoder.parameters(), strict=True):  # type: ignore[union-attr]
        assert torch.equal(one, two)


def test_an_encoder_of_few_stages_takes_its_part_of_a_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    whole, file = small(weights="none", seed=1), tmp_path / "encoder.safetensors"
    save_file(whole.encoder.state_dict(), file)  # type: ignore[union-attr]
    part = small(weights=f"file:{file}", decoder_channels=(32, 16, 16)).encoder.state_dict()  # type: ignore[union-attr]
    source = whole.encoder.state_dict()  # type: ignore[union-attr]
    assert len(part) < len(source)
    assert all(torch.equal(tensor, source[name]) for name, tensor in part.items())


def test_a_damaged_weights_file_says_what_is_expected(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "bad.safetensors").write_bytes(b"not weights")
    with pytest.raises(FrugalsegError, match=r"bad\.safetensors cannot be used"):
        load_encoder_file(small(weights="none").encoder, tmp_path / "bad.safetensors")  # type: ignore[arg-type]

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from model_files import CARD, FLEX, WITH_DROPOUT

from frugalseg.core.errors import FrugalsegError
from frugalseg.inference import onnx_file
from frugalseg.inference.onnx_file import export_onnx
from frugalseg.models.build import build_model
from frugalseg.models.predict import to_probs
from frugalseg.models.scaling import Scaling

onnxruntime = pytest.importorskip("onnxruntime", reason="the extra 'onnx' is not installed")
pytest.importorskip("onnx", reason="the extra 'onnx' is not installed")

IMAGE = np.random.default_rng(0).integers(0, 256, (70, 100, 3), dtype=np.uint8)


def network(settings: dict[str, Any], classes: int) -> torch.nn.Module:
    return build_model(**settings, classes=classes, channels=3, seed=1).eval()


FROZEN = {"arch": "frozen_head", "encoder": "tu-tf_efficientnet_lite0", "weights": "bundled"}


@pytest.mark.parametrize("settings", [FLEX, WITH_DROPOUT, FROZEN], ids=["flex", "unet", "frozen"])
@pytest.mark.parametrize("classes", [1, 2])
def test_any_size_gives_what_pytorch_gives(
    settings: dict[str, Any], classes: int, tmp_path: Path
) -> None:
    model, card = network(settings, classes), CARD | {"normalize": "imagenet"}
    assert export_onnx(model, card, tmp_path / "m.onnx", [IMAGE]) <= 1e-4
    assert [path.name for path in tmp_path.iterdir()] == ["m.onnx"]
    session = onnxruntime.InferenceSession(tmp_path / "m.onnx")
    assert json.loads(session.get_modelmeta().custom_metadata_map["frugalseg"]) == card
    pixels = IMAGE[None, :64, :32]
    with torch.inference_mode():
        logits = model(Scaling("imagenet").tensor(pixels, torch.device("cpu")))
    given = pixels.transpose(0, 3, 1, 2).astype(np.float32)
    (found,) = session.run(None, {"images": given})
    np.testing.assert_allclose(found, to_probs(logits).numpy(), atol=1e-4)


def test_a_file_that_differs_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_file, "_difference", lambda *_: 2e-4)
    with pytest.raises(FrugalsegError, match="differ from PyTorch's by 0.0002, more than 0.0001"):
        export_onnx(network(FLEX, 1), CARD, tmp_path / "m.onnx", [IMAGE])
    monkeypatch.setattr(onnx_file, "_difference", lambda *_: float("nan"))
    with pytest.raises(FrugalsegError, match="was not written"):
        export_onnx(network(FLEX, 1), CARD, tmp_path / "m.onnx", [IMAGE])
    assert not list(tmp_path.iterdir())


def test_other_weights_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = network(FLEX, 1)
    write = onnx_file._write

    def changed(deployed: Any, *rest: Any) -> None:
        write(deployed, *rest)
        with torch.no_grad():
            next(deployed.parameters()).mul_(1.5)

    monkeypatch.setattr(onnx_file, "_write", changed)
    with pytest.raises(FrugalsegError, match="was not written"):
        export_onnx(model, CARD, tmp_path / "m.onnx", [IMAGE])


def test_missing_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "onnxruntime", None)
    with pytest.raises(FrugalsegError, match=r"needs onnxruntime.*pip install 'frugalseg\[onnx\]'"):
        export_onnx(network(FLEX, 1), CARD, tmp_path / "m.onnx", [IMAGE])
    assert not list(tmp_path.iterdir())


def test_a_network_that_cannot_be_traced_is_one_message(tmp_path: Path) -> None:
    class Odd(torch.nn.Module):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            solution: torch.Tensor = torch.linalg.lstsq(images, images).solution
            return solution

    with pytest.raises(FrugalsegError, match="cannot be exported to ONNX"):
        export_onnx(Odd(), CARD, tmp_path / "m.onnx", [IMAGE])
    assert not list(tmp_path.iterdir())

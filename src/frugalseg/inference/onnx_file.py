"""A model as an ONNX file: pixels in, probabilities out, any size, checked before it is kept.

What a network needs of normalization and softmax is in the graph; the card of the model file is in
its metadata, under `frugalseg`.
"""

import importlib
import json
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import replacing
from frugalseg.models.predict import to_probs
from frugalseg.models.scaling import Scaling

MULTIPLE = 32
"""Height and width of what goes in have to be multiples of this."""
TOLERANCE = 1e-4
"""Largest difference of a probability that a file is kept with."""
LARGEST = 512
"""Pixels a side, at most, of the parts of images that are compared."""
OPSET = 17
INPUT, OUTPUT = "images", "probs"
KEY = "frugalseg"
_PACKAGES = ("onnx", "onnxruntime")


class Deployed(nn.Module):
    """From pixels to probabilities, in evaluation mode."""

    def __init__(self, model: nn.Module, scaling: Scaling) -> None:
        """Take a network that maps N x C x H x W to logits."""
        super().__init__()
        self.model, self.scaling = model, scaling
        self.eval()

    def forward(self, images: Tensor) -> Tensor:
        """Return float32 N x K+1 x H x W in [0, 1] of float32 N x C x H x W in [0, 255]."""
        return to_probs(self.model(self.scaling.normalize(images / 255)))


def export_onnx(
    model: nn.Module, card: dict[str, Any], path: Path, images: Sequence[NDArray[np.uint8]]
) -> float:
    """Write a model as an ONNX file and return its largest difference to PyTorch.

    Args:
        card: of the model file. images: uint8, H x W x C, any size, at least one; parts of them are
            predicted by both. The file is kept only if no probability differs by more than 1e-4.

    Raises:
        FrugalsegError: packages are missing, the network cannot be exported, or the results differ.
    """
    check_packages()
    deployed = Deployed(model, Scaling(card["normalize"]))
    channels = card["channels"]
    with replacing(path) as partial:
        _write(deployed, channels, card, partial)
        apart = _difference(deployed, partial, images)
        if not apart <= TOLERANCE:
            raise FrugalsegError(
                f"{path} was not written: its probabilities differ from PyTorch's by {apart:.2g}, "
                f"more than {TOLERANCE:g}. Report the versions of torch and onnxruntime."
            )
    return apart


def check_packages() -> None:
    """Refuse to begin without what exporting needs.

    Raises:
        FrugalsegError: naming what to install.
    """
    missing = [name for name in _PACKAGES if not _is_there(name)]
    if missing:
        raise FrugalsegError(
            f"Exporting to ONNX needs {', '.join(missing)}, which is not installed. "
            "Install frugalseg with its extra: pip install 'frugalseg[onnx]'."
        )


def _is_there(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True


def _write(deployed: Deployed, channels: int, card: dict[str, Any], path: Path) -> None:
    import onnx

    free = {0: "batch", 2: "height", 3: "width"}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the exporter's own insides
            torch.onnx.export(
                deployed,
                (torch.zeros(2, channels, 3 * MULTIPLE, 5 * MULTIPLE),),
                str(path),
                # By tracing, which torch deprecates: its successor (dynamo=True, torch 2.15, with
                # onnxscript 0.7) exports flex_unet in 6 s, but of a U-Net over EfficientNet-lite0
                # with free sizes it reasoned 100 s of processor time without an end. Traced, that
                # takes 2 s, and its probabilities are 2.9e-5 from PyTorch's.
                dynamo=False,
                input_names=[INPUT],
                output_names=[OUTPUT],
                dynamic_axes={INPUT: free, OUTPUT: free},
                opset_version=OPSET,
            )
        written = onnx.load(path)
        onnx.helper.set_model_props(written, {KEY: json.dumps(card, sort_keys=True)})
        onnx.checker.check_model(written, full_check=True)
    except OSError:
        raise
    except Exception as error:  # torch and onnx raise whatever they met
        reason = " ".join(str(error).split())[:300]
        raise FrugalsegError(f"This network cannot be exported to ONNX: {reason}") from error
    onnx.save(written, path)


def _difference(deployed: Deployed, path: Path, images: Sequence[NDArray[np.uint8]]) -> float:
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    worst = 0.0
    for batch in _batches(images):
        with torch.inference_mode():
            expected = deployed(torch.from_numpy(batch)).numpy()
        found = session.run([OUTPUT], {INPUT: batch})[0]
        if found.shape != expected.shape:
            return float("inf")
        worst = max(worst, float(np.abs(found - expected).max()))
    return worst


def _batches(images: Sequence[NDArray[np.uint8]]) -> Iterator[NDArray[np.float32]]:
    """Yield parts of every image, float32 1 x C x H x W, and one batch of two smaller ones."""
    for image in images:
        sides = [max(MULTIPLE, min(n, LARGEST) // MULTIPLE * MULTIPLE) for n in image.shape[:2]]
        yield _cut(image, (sides[0], sides[1]))[None]
    small = (MULTIPLE, 2 * MULTIPLE)
    yield np.stack([_cut(images[0], small), _cut(images[-1], small)])


def _cut(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.float32]:
    """Return the upper left of an image, C x `size`, its rim repeated where it is smaller."""
    missing = [(0, max(0, side - have)) for side, have in zip(size, image.shape[:2], strict=True)]
    whole = np.pad(image, [*missing, (0, 0)], mode="edge")[: size[0], : size[1]]
    return np.ascontiguousarray(whole.transpose(2, 0, 1), np.float32)

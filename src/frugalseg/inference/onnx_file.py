"""Export of a model as an ONNX file: pixels in, probabilities out, for images of any size.

Normalization and softmax are part of the graph; the card of the model file is in the metadata,
under `frugalseg`. A file is kept only if its probabilities agree with PyTorch's.
"""

import json
import warnings
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
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
"""Height and width of the input must be multiples of this."""
TOLERANCE = 1e-4
"""Largest difference of a probability with which a file is kept."""
LARGEST = 512
"""Longest side, in pixels, of the parts of images that are compared."""
OPSET = 17
INPUT, OUTPUT = "images", "probs"
KEY = "frugalseg"


class Deployed(nn.Module):
    """A network that maps pixels to probabilities, in evaluation mode."""

    def __init__(self, model: nn.Module, scaling: Scaling) -> None:
        """Wrap a network that maps N x C x H x W to logits."""
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
        card: of the model file.
        images: uint8, H x W x C, any size, at least one; both predict parts of them, and the file
            is kept only if no probability differs by more than 1e-4.

    Raises:
        FrugalsegError: packages are missing, the network cannot be exported, or the results differ.
    """
    check_packages()
    deployed = Deployed(model, Scaling(card["normalize"]))
    with replacing(path) as partial:
        _write(deployed, card, partial)
        difference = _difference(deployed, partial, images)
        if not difference <= TOLERANCE:
            raise FrugalsegError(
                f"{path} was not written: its probabilities differ from PyTorch's by "
                f"{difference:.2g}, more than {TOLERANCE:g}. Report the versions of torch and "
                "onnxruntime."
            )
    return difference


def check_packages() -> None:
    """Raise FrugalsegError, with the command to run, if a package is not installed."""
    missing = [name for name in ("onnx", "onnxruntime") if find_spec(name) is None]
    if missing:
        raise FrugalsegError(
            f"Exporting to ONNX needs {', '.join(missing)}, which is not installed. "
            "Install frugalseg with its extra: pip install 'frugalseg[onnx]'."
        )


def _write(deployed: Deployed, card: dict[str, Any], path: Path) -> None:
    import onnx

    axes = {0: "batch", 2: "height", 3: "width"}
    sample = torch.zeros(2, card["channels"], 3 * MULTIPLE, 5 * MULTIPLE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the exporter's own code
            torch.onnx.export(
                deployed,
                (sample,),
                str(path),
                # Tracing is deprecated, but its successor (dynamo=True, torch 2.15, onnxscript
                # 0.7) did not finish a U-Net over EfficientNet-lite0 with free sizes within 100 s
                # of processor time; it exports flex_unet in 6 s. Tracing that U-Net takes 2 s, and
                # its probabilities differ from PyTorch's by 2.9e-5.
                dynamo=False,
                input_names=[INPUT],
                output_names=[OUTPUT],
                dynamic_axes={INPUT: axes, OUTPUT: axes},
                opset_version=OPSET,
            )
        written = onnx.load(path)
        onnx.helper.set_model_props(written, {KEY: json.dumps(card, sort_keys=True)})
        onnx.checker.check_model(written, full_check=True)
    except OSError:
        raise
    except Exception as error:  # torch and onnx raise errors of many types
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
        probs = session.run([OUTPUT], {INPUT: batch})[0]
        if probs.shape != expected.shape:
            return float("inf")
        worst = max(worst, float(np.abs(probs - expected).max()))
    return worst


def _batches(images: Sequence[NDArray[np.uint8]]) -> Iterator[NDArray[np.float32]]:
    """Yield parts of every image, float32 1 x C x H x W, and one batch of two smaller ones."""
    for image in images:
        sides = [max(MULTIPLE, min(n, LARGEST) // MULTIPLE * MULTIPLE) for n in image.shape[:2]]
        yield _cut(image, (sides[0], sides[1]))[None]
    small = (MULTIPLE, 2 * MULTIPLE)
    yield np.stack([_cut(images[0], small), _cut(images[-1], small)])


def _cut(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.float32]:
    """Return the upper left of an image, C x `size`, with its rim repeated if it is smaller."""
    missing = [(0, max(0, side - own)) for side, own in zip(size, image.shape[:2], strict=True)]
    whole = np.pad(image, [*missing, (0, 0)], mode="edge")[: size[0], : size[1]]
    return np.ascontiguousarray(whole.transpose(2, 0, 1), np.float32)

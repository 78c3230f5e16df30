"""Write a model as an ONNX file, and check that it gives the same probabilities as PyTorch.

Example:
  frugalseg export --model model.safetensors --onnx model.onnx --images photos/
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from frugalseg.cli.values import refuse_existing
from frugalseg.core.errors import FrugalsegError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from frugalseg.inference.predictor import Predictor

MAX_IMAGES = 8
"""Images for the comparison."""
MAX_ROWS = 1024
"""Rows of pixels of each."""
PICTURES = ("astronaut", "brick", "camera", "gravel")
"""Pictures that scikit-image ships."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `frugalseg export`."""
    parser.add_argument(
        "--model", type=Path, required=True, metavar="FILE", help="a model.safetensors"
    )
    parser.add_argument(
        "--onnx", type=Path, required=True, metavar="FILE", help="the ONNX file to write"
    )
    parser.add_argument(
        "--images", nargs="+", metavar="IMAGE",
        help=f"images, folders or patterns to compare the file with PyTorch on (the first "
        f"{MAX_IMAGES}); default: pictures that scikit-image ships",
    )  # fmt: skip
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")


def run(options: Namespace) -> str:
    """Export, compare, and keep the file if both give the same probabilities."""
    import torch

    from frugalseg.inference.onnx_file import check_packages, export_onnx
    from frugalseg.inference.predictor import Predictor
    from frugalseg.models.file import read_card

    refuse_existing([options.onnx], options.force)
    check_packages()
    predictor = Predictor.load(options.model, torch.device("cpu"))
    images = _read(options, predictor) if options.images else _pictures(predictor.channels)
    try:
        gap = export_onnx(predictor.model, read_card(options.model), options.onnx, images)
    except OSError as error:
        raise FrugalsegError(f"{options.onnx} could not be written: {error}.") from error
    return (
        f"{options.onnx}: pixels 0 to 255 in, float32, batch x {predictor.channels} x height x "
        f"width (multiples of 32); probabilities out. On {len(images)} images at most {gap:.1e} "
        "from PyTorch."
    )


def _read(options: Namespace, predictor: Predictor) -> list[NDArray[np.uint8]]:
    import numpy as np

    from frugalseg.cli.inputs import find_jobs
    from frugalseg.ingest.image_rows import READABLE

    jobs = find_jobs(options.images, options.onnx.parent, frozenset(READABLE))[:MAX_IMAGES]
    images = [predictor.open(job.image) for job in jobs]
    return [image[np.arange(min(image.shape[0], MAX_ROWS))] for image in images]


def _pictures(channels: int) -> list[NDArray[np.uint8]]:
    from skimage import data

    from frugalseg.ingest.prepare import as_channels

    pictures = [getattr(data, name)() for name in PICTURES]
    return [as_channels(p if p.ndim == 3 else p[..., None], channels) for p in pictures]

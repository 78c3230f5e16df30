"""`frugalseg export`: a model file for programs that have no PyTorch."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from frugalseg.cli.command import Command
from frugalseg.cli.values import refuse_existing
from frugalseg.core.errors import FrugalsegError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from frugalseg.inference.predictor import Predictor

COMPARED = 8
"""Images that both are compared on, at most."""
BUNDLED = ("astronaut", "brick", "camera", "gravel")
"""Pictures of scikit-image's wheel."""


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
        help=f"images, folders or patterns on which the file is compared with PyTorch (the first "
        f"{COMPARED}); default: pictures that scikit-image ships",
    )  # fmt: skip
    parser.add_argument(
        "--force", action="store_true", help="replace the file if it is there already"
    )


def run(options: Namespace) -> str:
    """Export, compare, and keep the file if both say the same."""
    import torch

    from frugalseg.inference.onnx_file import check_packages, export_onnx
    from frugalseg.inference.predictor import Predictor
    from frugalseg.models.file import read_card

    refuse_existing([options.onnx], options.force)
    check_packages()
    predictor = Predictor.load(options.model, torch.device("cpu"))
    images = _given(options, predictor) if options.images else _bundled(predictor.channels)
    try:
        apart = export_onnx(predictor.model, read_card(options.model), options.onnx, images)
    except OSError as error:
        raise FrugalsegError(f"{options.onnx} could not be written: {error}.") from error
    return (
        f"{options.onnx}: pixels 0 to 255 in, float32, batch x {predictor.channels} x height x "
        f"width (multiples of 32); probabilities out. On {len(images)} images at most {apart:.1e} "
        "from PyTorch."
    )


def _given(options: Namespace, predictor: Predictor) -> list[NDArray[np.uint8]]:
    import numpy as np

    from frugalseg.cli.inputs import find_jobs
    from frugalseg.ingest.image_rows import READABLE

    jobs = find_jobs(options.images, options.onnx.parent, frozenset(READABLE))[:COMPARED]
    opened = [predictor.open(job.image) for job in jobs]
    return [rows[np.arange(min(rows.shape[0], 1024))] for rows in opened]


def _bundled(channels: int) -> list[NDArray[np.uint8]]:
    from skimage import data

    from frugalseg.ingest.prepare import as_channels

    pictures = [getattr(data, name)() for name in BUNDLED]
    return [as_channels(p if p.ndim == 3 else p[..., None], channels) for p in pictures]


COMMAND = Command(
    summary="Write a model as an ONNX file, and check that it says the same as PyTorch.",
    arguments=add_arguments,
    run=run,
    example="frugalseg export --model model.safetensors --onnx model.onnx --images photos/",
)

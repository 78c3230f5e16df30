"""Output files of a prediction: all files of an image, or none."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from frugalseg.core.rows import Rows
from frugalseg.inference.components import Components
from frugalseg.inference.png_writer import PngWriter
from frugalseg.inference.predictor import Band

MASK, COLORS, OVERLAY, PROBS = ".mask.png", ".colors.png", ".overlay.png", ".probs.npy"
PALETTE = (
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (240, 228, 66),
    (0, 114, 178),
    (213, 94, 0),
    (204, 121, 167),
)
"""Colors that color-blind readers can tell apart (Okabe and Ito 2008); more classes repeat them."""
STRENGTH = 0.55
"""Share of the class's color in an overlay."""

Color = tuple[int, int, int]


def output_files(base: Path, *, probs: bool) -> list[Path]:
    """Return the output files of an image, whose names begin with that of `base`."""
    suffixes = (MASK, COLORS, OVERLAY, *((PROBS,) if probs else ()))
    return [base.with_name(base.name + suffix) for suffix in suffixes]


def write_outputs(
    base: Path, image: Rows, bands: Iterable[Band], classes: Sequence[str], *, probs: bool
) -> pd.DataFrame:
    """Write mask, colors, overlay and, with `probs`, probabilities of one image, band by band.

    The mask holds class indices (0 background), the probabilities are float16, H x W x K+1. Files
    get their final names once all of them are complete, and probabilities of an earlier prediction
    are deleted.

    Returns:
        One row a defect; see `frugalseg.inference.components.Components.table`.
    """
    height, width = image.shape[:2]
    defects, colors = Components(classes), class_colors(len(classes))
    base.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=base.parent, prefix=".partial-") as folder:
        work = Path(folder) / base.name
        paths = output_files(work, probs=probs)
        with ExitStack() as stack:
            mask = stack.enter_context(PngWriter(paths[0], (height, width)))
            index = stack.enter_context(PngWriter(paths[1], (height, width), palette=colors))
            overlay = stack.enter_context(PngWriter(paths[2], (height, width, 3)))
            raw = stack.enter_context(paths[3].open("wb")) if probs else None
            if raw is not None:
                shape = (height, width, len(colors))
                header = {"descr": "<f2", "fortran_order": False, "shape": shape}
                np.lib.format.write_array_header_1_0(raw, header)
            top = 0
            for preds, values in bands:
                rows = image[np.arange(top, top + len(preds))]
                mask.write(preds)
                index.write(preds)
                overlay.write(overlaid(rows, preds, colors))
                if raw is not None:
                    half = np.ascontiguousarray(np.moveaxis(values, 0, -1).astype("<f2"))
                    raw.write(half.data)
                defects.add(preds, values)
                top += len(preds)
        for path in output_files(base, probs=True)[len(paths) :]:
            path.unlink(missing_ok=True)
        for path in paths:
            os.replace(path, base.with_name(path.name))
    return defects.table()


def class_colors(classes: int) -> list[Color]:
    """Return the RGB colors of the background (black) and of every class."""
    return [(0, 0, 0), *(PALETTE[number % len(PALETTE)] for number in range(classes))]


def overlaid(
    image: NDArray[np.uint8], preds: NDArray[np.uint8], colors: Sequence[Color]
) -> NDArray[np.uint8]:
    """Paint classes, h x W, over an image, h x W x 1 or 3; the background does not change."""
    painted = np.broadcast_to(image, (*preds.shape, 3)).copy()
    for number, color in enumerate(colors[1:], 1):
        chosen = preds == number
        mixed = (1 - STRENGTH) * painted[chosen] + STRENGTH * np.array(color)
        painted[chosen] = mixed.round().astype(np.uint8)
    return painted

"""Stored predictions for the report: a table of PNG images with a few gray levels each."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from frugalseg.core.files import replacing

LEVELS = 16
"""Steps to which probabilities are rounded: as many as an eye distinguishes, in half a byte."""
COLUMNS = ["round", "image_id", "pred", "prob"]


def pack(values: NDArray[np.uint8]) -> bytes:
    """Return a map, uint8 H x W, as a PNG of 1 to 8 bits in which value v is the gray v."""
    picture = Image.fromarray(values, mode="P")
    picture.putpalette([gray for gray in range(int(values.max(initial=1)) + 1) for _ in range(3)])
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def unpack(content: bytes) -> NDArray[np.uint8]:
    """Return the map that `pack` turned into a PNG, uint8 H x W."""
    with Image.open(BytesIO(content)) as picture:
        return np.asarray(picture, dtype=np.uint8)


def to_levels(probs: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Round probabilities in [0, 1] to the nearest of `LEVELS` steps, 0 to `LEVELS` - 1."""
    return (probs * (LEVELS - 1)).round().astype(np.uint8)


def kept(
    image_id: str, pred: NDArray[np.uint8], foreground: NDArray[np.float32]
) -> dict[str, object]:
    """Return the row of one image: its name, its classes and its probabilities as PNG.

    Args:
        pred: uint8, H x W, class indices.
        foreground: float32, H x W, probability of any foreground class.
    """
    return {"image_id": image_id, "pred": pack(pred), "prob": pack(to_levels(foreground))}


def write_predictions(path: Path, table: pd.DataFrame) -> None:
    """Write the columns `COLUMNS` of a table; the same predictions give the same bytes."""
    with replacing(path) as partial:
        table.reindex(columns=COLUMNS).to_parquet(partial, index=False)


def read_predictions(path: Path) -> pd.DataFrame:
    """Read a file of `write_predictions`; it may have no rows."""
    return pd.read_parquet(path, columns=COLUMNS)

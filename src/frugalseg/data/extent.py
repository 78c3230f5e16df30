"""Where the images of a stack end and their padding begins, from the index alone."""

import numpy as np
import pandas as pd

from frugalseg.data.fit import inner_size


def extents(index: pd.DataFrame, fit: str) -> pd.DataFrame:
    """Return `height` and `width` of each image in the stack without its padding.

    Padding lies below and to the right of an image, so it begins there.

    Args:
        index: of a stack; `height` and `width` of the images as stored, `stack_height` and
            `stack_width`.
        fit: how they were brought to the stack's size, from its card: `stretch` or `pad`.

    Returns:
        int64, with the index of `index`.
    """
    sizes = index[["stack_height", "stack_width"]].to_numpy(np.int64)
    if fit == "pad":
        images = index[["height", "width"]].to_numpy(np.int64)
        pairs = zip(images.tolist(), sizes.tolist(), strict=True)
        sizes = np.array([inner_size(image, size) for image, size in pairs], np.int64)
    return pd.DataFrame(sizes.reshape(-1, 2), columns=["height", "width"], index=index.index)


def stack_scale(index: pd.DataFrame, fit: str) -> tuple[float, float]:
    """Return pixels of the stack per pixel of the images, down and across: their median.

    Of tiles it is the scale at which their images were cut.
    """
    if "source_id" in index:
        images = index.groupby("source_id")
        down = (index["tile_y"] + index["height"]).groupby(index["source_id"]).max()
        across = (index["tile_x"] + index["width"]).groupby(index["source_id"]).max()
        high, wide = images["source_height"].first(), images["source_width"].first()
        return float((down / high).median()), float((across / wide).median())
    sides = ["height", "width"]
    ratios = (extents(index, fit)[sides] / index[sides]).median()
    return float(ratios["height"]), float(ratios["width"])

"""Where the images of a stack end and their padding begins, told by the index alone."""

import pandas as pd

from frugalseg.data.fit import inner_size


def extents(index: pd.DataFrame, fit: str) -> pd.DataFrame:
    """Return `height` and `width` of each image's part of the stack that is no padding.

    Padding lies below and to the right of an image, so that both are also where it begins.

    Args:
        index: of a stack; `height` and `width` of the images as they came, and `stack_height` and
            `stack_width`.
        fit: how they came to the stack's size, from its card: `stretch` or `pad`.

    Returns:
        int64, with the index of `index`.
    """
    columns = ["height", "width"]
    stacked = index[["stack_height", "stack_width"]].to_numpy().tolist()
    if fit != "pad":
        return pd.DataFrame(stacked, columns=columns, index=index.index, dtype="int64")
    images = index[columns].to_numpy().tolist()
    sizes = [
        inner_size((image[0], image[1]), (size[0], size[1]))
        for image, size in zip(images, stacked, strict=True)
    ]
    return pd.DataFrame(sizes, columns=columns, index=index.index, dtype="int64")


def stack_scale(index: pd.DataFrame, fit: str) -> tuple[float, float]:
    """Return how many pixels of the stack stand for one of the images, down and across.

    The median over the images; all have the same where they are of one size. Of tiles it is the
    scale at which their images were cut.
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

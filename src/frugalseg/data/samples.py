"""Choose images to show, from little defect to much."""

import numpy as np
from numpy.typing import NDArray


def choose_samples(image_ids: list[str], areas: NDArray[np.int64], size: int) -> list[str]:
    """Choose images to show: two thirds with foreground, from small to large; the rest without.

    The choice does not depend on what was predicted on the images.

    Args:
        areas: foreground pixels of each image.
        size: how many at most.
    """
    order = sorted(range(len(image_ids)), key=lambda i: (areas[i], image_ids[i]))
    positive = [i for i in order if areas[i] > 0]
    negative = [i for i in order if areas[i] == 0]
    with_foreground = min(len(positive), max(size - len(negative), (2 * size + 2) // 3))
    places = np.linspace(0, len(positive) - 1, with_foreground).round().astype(int)
    chosen = [positive[place] for place in dict.fromkeys(places.tolist())]
    chosen += negative[: size - len(chosen)]
    return [image_ids[i] for i in chosen]

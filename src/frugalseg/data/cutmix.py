"""CutMix boxes (Yun et al. 2019): where a view shows a rectangle of the batch's next image."""

import numpy as np
import torch
from torch import Tensor


def draw_boxes(
    number: int, size: tuple[int, int], probability: float, rng: np.random.Generator
) -> Tensor:
    """Draw one box per image with `probability`, else none.

    The box covers the share 1 - lambda of the image, lambda uniform in [0, 1], has the image's
    aspect ratio and its center anywhere, and is clipped to the image (Yun et al. 2019, eq. 2).

    Returns:
        bool, number x 1 x H x W: True inside the box.
    """
    boxes = torch.zeros((number, 1, *size), dtype=torch.bool)
    for box in boxes[:, 0]:
        drawn, share, center = rng.random() < probability, rng.random(), rng.random(2)
        if drawn:
            half = np.sqrt(share) * np.array(size) / 2
            begin = np.maximum(np.round(center * size - half).astype(int), 0)
            end = np.round(center * size + half).astype(int)
            box[begin[0] : end[0], begin[1] : end[1]] = True
    return boxes


def mix(values: Tensor, boxes: Tensor) -> Tensor:
    """Put the batch's next image into the boxes: values N x ... x H x W, boxes N x 1 x H x W."""
    inside = boxes if values.ndim == 4 else boxes[:, 0]
    return torch.where(inside, values.roll(-1, 0), values)

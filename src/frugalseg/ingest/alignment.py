"""Whether masks lie on their images: the outlines of objects follow edges in the image."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frugalseg.core.constants import IGNORE

FEWEST, MOST = 12, 20
"""Masks that are needed, and that are compared at most."""
OWN = 0.7
"""Share of the comparisons that an image wins, below which the masks may not be its own. Six data
sets of `python -m benchmarks.alignment`: at least .94, and at most .60 with the masks of other
images; of aluminum, whose areas are outlined roughly, .59."""
MIRRORED = 0.8
"""Share of the masks that fit better mirrored, above which all seem to be. The same data sets: at
most .10 as they are, at least .85 mirrored."""
FLIPS = ("mirrored left to right", "mirrored upside down", "turned by 180 degrees")


@dataclass(frozen=True)
class Alignment:
    """How well outlines follow edges.

    Attributes:
        masks: how many were compared.
        own: share of the comparisons in which an outline follows the edges of its own image more
            than those of another one; 0.5 by chance.
        mirrored: shares of the masks that fit their image better in each of the ways of `FLIPS`.
    """

    masks: int
    own: float
    mirrored: tuple[float, float, float]


def measure_alignment(
    images: NDArray[np.uint8], masks: NDArray[np.uint8], rows: NDArray[np.int64]
) -> Alignment | None:
    """Compare the change of gray along each outline with that in the other images there.

    Args:
        images: uint8, N x H x W x C, may be memory-mapped. masks: uint8, N x H x W, class indices.
        rows: images whose masks hold foreground; `MOST` of them, evenly spread, are compared.

    Returns:
        None with fewer than `FEWEST` images that have an edge and a mask that has an outline.
    """
    if len(rows) < FEWEST:
        return None
    chosen = rows[np.unique(np.linspace(0, len(rows) - 1, MOST).round().astype(int))]
    edges, outlines = [], []
    for row in chosen:
        edge = _change(_brightness(images[row]))
        outline = np.nonzero(_outline(masks[row]))
        if edge.any() and len(outline[0]):
            edges.append(edge / edge.mean())
            outlines.append(outline)
    if len(edges) < FEWEST:
        return None
    own, mirrored = [], []
    for number, (y, x) in enumerate(outlines):
        along = np.array([edge[y, x].mean() for edge in edges])
        others = np.delete(along, number)
        own.append(np.mean((others < along[number]) + 0.5 * (others == along[number])))
        flips = ((y, -1 - x), (-1 - y, x), (-1 - y, -1 - x))
        mirrored.append([edges[number][flip].mean() > along[number] for flip in flips])
    left, up, both = np.mean(mirrored, axis=0).tolist()
    return Alignment(len(edges), float(np.mean(own)), (left, up, both))


def alignment_warning(alignment: Alignment | None) -> Iterator[str]:
    """Yield a sentence if masks seem to be mirrored, or not to lie on their images."""
    if alignment is None:
        return
    flip = int(np.argmax(alignment.mirrored))
    if alignment.mirrored[flip] >= MIRRORED:
        yield (
            f"{alignment.mirrored[flip]:.0%} of {alignment.masks} masks fit the edges of their "
            f"images better {FLIPS[flip]}. Look at the outlined images of the data card."
        )
    elif alignment.own < OWN:
        yield (
            "The outlines of the masks follow the edges of their own images hardly more than those "
            f"of other images ({alignment.own:.0%} of the comparisons, 50% by chance). That is so "
            "if areas are outlined roughly, but also if masks are paired with wrong images, turned "
            "or moved: look at the outlined images of the data card."
        )


def _brightness(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the sum of the channels, several times faster than `mean` along the last axis."""
    return sum(np.moveaxis(image, 2, 0), np.zeros(image.shape[:2], np.float32))


def _outline(mask: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return where foreground borders on anything else, of the shape of `_change`."""
    inside = (mask > 0) & (mask < IGNORE)
    here = inside[:-1, :-1]
    return np.asarray((here != inside[:-1, 1:]) | (here != inside[1:, :-1]))


def _change(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how much each value differs from the next to the right and below, added up."""
    across, down = np.diff(plane, axis=1)[:-1], np.diff(plane, axis=0)[:, :-1]
    return np.abs(across) + np.abs(down)

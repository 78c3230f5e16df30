"""Do outlines follow edges? `python -m benchmarks.alignment data/prepared/*`.

For every prepared data set: the share of comparisons that an image wins with its own mask, and the
largest share of masks that fit better in one of the ways of `FLIPS`; then the same with the masks
of other images (the most of three), and with masks that are really turned so (the least of three).
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from frugalseg.data.stack import open_masks, open_stack
from frugalseg.ingest.alignment import measure_alignment

SHIFTS = (1, 3, 7)
AXES = ((2,), (1,), (1, 2))
"""Axes that turn an array of masks in the ways of `FLIPS`."""


def main(arguments: Sequence[str]) -> None:
    """Print a row for each stack."""
    print(f"{'data set':20} {'own':>5} {'flip':>5} {'others':>7} {'turned':>7}")
    for folder in map(Path, arguments):
        stack = open_stack(folder)
        rows = stack.index.loc[stack.index["foreground"] > 0, "row"].to_numpy()
        masks = open_masks(stack.masks_path)[rows]
        images, every = stack.images[rows], np.arange(len(rows))
        right = measure_alignment(images, masks, every)
        if right is None:
            print(f"{folder.name:20} too few masks")
            continue
        wrong = [measure_alignment(images, np.roll(masks, n, axis=0), every) for n in SHIFTS]
        turned = [measure_alignment(images, np.flip(masks, axes), every) for axes in AXES]
        least = min(one.mirrored[n] for n, one in enumerate(turned) if one)
        most = max(one.own for one in wrong if one)
        print(
            f"{folder.name:20} {right.own:5.2f} {max(right.mirrored):5.2f} {most:7.2f} {least:7.2f}"
        )


if __name__ == "__main__":
    main(sys.argv[1:])

"""The sample test images: truth, every arm's last prediction and what is wrong with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from frugalseg.data.samples import choose_samples
from frugalseg.reporting import wording
from frugalseg.reporting.figures.canvas import WIDE, new_mosaic
from frugalseg.reporting.figures.drawing import FILE_ONLY, Drawing
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.overlay import (
    EXTRA,
    MISS,
    RIGHT,
    error_map,
    outline,
    paint,
    paint_errors,
    to_rgb,
)
from frugalseg.reporting.palette import MISSED

CAPTION = (
    "Blue: found and there. Yellow: there and missed. Magenta: found and not there. Every arm is "
    "shown after its last round, with its first seed, at the threshold chosen on the validation "
    "images. The Dice of a single image says little about an arm; look for kinds of mistakes."
)


@dataclass(frozen=True)
class Shot:
    """One arm's errors on one image; `dice` is NaN where nothing is there or was found."""

    arm: str
    errors: NDArray[np.uint8]
    dice: float


@dataclass(frozen=True)
class Scene:
    """One test image (H x W x C) with its truth (H x W) and every arm's prediction of it."""

    image_id: str
    image: NDArray[np.uint8]
    target: NDArray[np.uint8]
    shots: tuple[Shot, ...]


def load_scenes(study: Study) -> list[Scene]:
    """Gather the sample images of all arms, as many as the report's option `samples` says."""
    rows = {str(image_id): row for row, image_id in enumerate(study.index["image_id"])}
    ids = dict.fromkeys(i for samples in study.samples.values() for i in samples.image_ids)
    known = [image_id for image_id in ids if image_id in rows]
    areas = study.index["foreground"].to_numpy()[[rows[image_id] for image_id in known]]
    chosen = choose_samples(known, areas, int(study.option("samples", 6)))
    return [_scene(study, image_id, rows[image_id]) for image_id in chosen]


def _scene(study: Study, image_id: str, row: int) -> Scene:
    target = np.asarray(study.masks[row])
    shots = []
    for arm in study.arms:
        samples = study.samples.get(arm)
        found = None if samples is None else samples.shots.get((samples.rounds[-1], image_id))
        if found is not None:
            errors = error_map(found.mask(), target)
            shots.append(Shot(arm, errors, dice_of(errors)))
    return Scene(image_id, np.asarray(study.images[row]), target, tuple(shots))


def dice_of(errors: NDArray[np.uint8]) -> float:
    """Return the foreground's Dice of an error map; NaN if nothing is there or was found."""
    right = int((errors == RIGHT).sum())
    wrong = int(((errors == MISS) | (errors == EXTRA)).sum())
    return 2 * right / (2 * right + wrong) if right + wrong else float("nan")


def gallery_drawings(study: Study) -> Iterator[Drawing]:
    """Yield the figure of the sample images, if there are any."""
    scenes = load_scenes(study)
    if not any(scene.shots for scene in scenes):
        return
    data = _data(scenes)
    worst = data.dropna(subset=["dice"]).sort_values("dice").head(1)
    hardest = "".join(
        f" The lowest Dice, {row.dice:.2f}, is that of {row.arm} on {row.image_id}."
        for row in worst.itertuples()
    )
    yield Drawing(
        name="samples",
        title="Sample test images and what each arm makes of them",
        caption=CAPTION,
        alt=f"{len(scenes)} test images beside their truth and every arm's error map.{hardest}",
        data=data,
        draw=partial(draw_gallery, scenes),
        group=FILE_ONLY,
    )


def draw_gallery(scenes: Sequence[Scene], width: float) -> Figure:
    """Draw one image a row, or one a column where images are taller than wide."""
    names = ["image", "truth", *dict.fromkeys(s.arm for scene in scenes for s in scene.shots)]
    height, breadth = scenes[0].target.shape
    tall = height > breadth
    shape = (len(names), len(scenes)) if tall else (len(scenes), len(names))
    cell = width / shape[1]
    figure = new_mosaic(width, (cell * height / breadth + 0.28) * shape[0] + 0.2)
    axes = figure.subplots(*shape, squeeze=False)
    grid = axes.T if tall else axes
    for row, scene in zip(grid, scenes, strict=True):
        _draw_scene(row, scene, names)
    for k, (name, ax) in enumerate(zip(names, grid[0], strict=True)):
        text = wording.shorten(name, 12 if width >= WIDE else 8)
        ax.set_ylabel(text, fontsize=7) if tall else ax.set_title(text, fontsize=8 - (k > 9))
    return figure


def _draw_scene(axes: NDArray[np.object_], scene: Scene, names: Sequence[str]) -> None:
    pictures = {"image": to_rgb(scene.image), "truth": outlined(scene.image, scene.target)}
    pictures |= {shot.arm: paint_errors(scene.image, shot.errors) for shot in scene.shots}
    for ax, name in zip(axes, names, strict=True):
        _show(ax, pictures.get(name))


def outlined(image: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the image with the borders of its mask painted on, uint8 H x W x 3."""
    return paint(to_rgb(image), outline(mask), MISSED, 1.0)


def _show(ax: Axes, picture: NDArray[np.uint8] | None) -> None:
    ax.grid(False)
    ax.set(xticks=[], yticks=[])
    for spine in ax.spines.values():
        spine.set_visible(False)
    if picture is not None:
        ax.imshow(picture, interpolation="nearest")


def _data(scenes: Sequence[Scene]) -> pd.DataFrame:
    rows = [
        {
            "image_id": scene.image_id,
            "arm": shot.arm,
            "dice": shot.dice,
            "right": int((shot.errors == RIGHT).sum()),
            "missed": int((shot.errors == MISS).sum()),
            "false": int((shot.errors == EXTRA).sum()),
        }
        for scene in scenes
        for shot in scene.shots
    ]
    return pd.DataFrame(rows, columns=["image_id", "arm", "dice", "right", "missed", "false"])

"""The browsable gallery: every test image with stored predictions, and in which order to look."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from frugalseg.inference.predictions import pack
from frugalseg.reporting.figures.gallery import dice_of
from frugalseg.reporting.load.samples import Prediction
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.overlay import EXTRA, IGNORE, MISS, RIGHT, error_map, image_bytes

VIEWS = ("errors", "prediction", "probability", "uncertainty")
ORDER_NOTES: Mapping[str, str] = {
    "worst": "Lowest Dice first, the mean over the arms’ last rounds; rightly found empty is 1.",
    "best": "Highest Dice first, the mean over the arms’ last rounds; rightly found empty is 1.",
    "disagreed": "First the images on which two arms differ in most pixels, averaged over pairs.",
    "random": "In an order that depends on the images’ names alone: nothing was picked.",
}


@dataclass(frozen=True)
class Cell:
    """One column of the gallery: what an arm predicts after a round; `last` is its final one."""

    arm: str
    round: int
    last: bool


@dataclass(frozen=True)
class Entry:
    """One test image; the page's script draws masks and their errors from it.

    Attributes:
        photo: JPEG.
        truth: PNG of the mask; 255 where there is no label.
        shots: of every cell; None without a prediction.
        defect: whether the truth holds any.
        counts: for every cell the pixels found, missed and falsely found; None without it.
        score: mean Dice of the last cells; rightly found empty counts as 1.
        disagreement: pixels on which two arms drawn at random differ, on average.
    """

    image_id: str
    photo: bytes
    truth: bytes
    shots: tuple[Prediction | None, ...]
    defect: bool
    counts: tuple[tuple[int, int, int] | None, ...]
    score: float
    disagreement: float


def gallery_cells(study: Study) -> tuple[Cell, ...]:
    """Return the columns of the gallery: every arm's rounds, in the order of the parameters."""
    found = [(arm, study.samples[arm].rounds) for arm in study.arms if arm in study.samples]
    return tuple(
        Cell(arm, number, number == max(rounds)) for arm, rounds in found for number in rounds
    )


def gallery_entries(study: Study, cells: Sequence[Cell]) -> Iterator[Entry]:
    """Yield every image with stored predictions, in the order of the stack."""
    if not cells:
        return
    rows = {str(image_id): row for row, image_id in enumerate(study.index["image_id"])}
    ids = {image_id for samples in study.samples.values() for image_id in samples.image_ids}
    for image_id in sorted(ids & set(rows), key=rows.__getitem__):
        row = rows[image_id]
        shots = [study.samples[cell.arm].shots.get((cell.round, image_id)) for cell in cells]
        yield _entry(image_id, np.asarray(study.images[row]), np.asarray(study.masks[row]),
                     cells, shots)  # fmt: skip


def _entry(
    image_id: str,
    image: NDArray[np.uint8],
    target: NDArray[np.uint8],
    cells: Sequence[Cell],
    shots: Sequence[Prediction | None],
) -> Entry:
    empty = np.zeros(target.shape, np.uint8)
    preds = np.stack([empty if shot is None else shot.mask() for shot in shots])
    errors = error_map(preds, target)
    counts = tuple(None if s is None else _counted(e) for s, e in zip(shots, errors, strict=True))
    last = [k for k, cell in enumerate(cells) if cell.last and counts[k] is not None]
    dice = np.nan_to_num([dice_of(errors[k]) for k in last], nan=1.0)
    return Entry(
        image_id=image_id,
        photo=image_bytes(image),
        truth=pack(target),
        shots=tuple(shots),
        defect=bool(((target > 0) & (target != IGNORE)).any()),
        counts=counts,
        score=float(dice.mean()) if len(last) else 1.0,
        disagreement=disagreement(preds[last] > 0),
    )


def _counted(errors: NDArray[np.uint8]) -> tuple[int, int, int]:
    right, missed, false = (int((errors == kind).sum()) for kind in (RIGHT, MISS, EXTRA))
    return right, missed, false


def disagreement(found: NDArray[np.bool_]) -> float:
    """Return on how many pixels two of K predictions differ, averaged over all pairs.

    Args:
        found: bool, K x H x W.
    """
    k = len(found)
    if k < 2:
        return 0.0
    votes = found.sum(axis=0, dtype=np.int64)
    return float((votes * (k - votes)).sum() / (k * (k - 1) / 2))


def gallery_orders(entries: Sequence[Entry]) -> dict[str, list[int]]:
    """Return the numbers of the entries in each order of looking at them.

    `random` follows the hash of the names: the same images in the same order every time.
    """
    numbers = range(len(entries))
    return {
        "worst": sorted(numbers, key=lambda k: (entries[k].score, entries[k].image_id)),
        "best": sorted(numbers, key=lambda k: (-entries[k].score, entries[k].image_id)),
        "disagreed": sorted(numbers, key=lambda k: (-entries[k].disagreement, entries[k].image_id)),
        "random": sorted(
            numbers, key=lambda k: hashlib.sha256(entries[k].image_id.encode()).hexdigest()
        ),
    }

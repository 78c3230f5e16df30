"""From scores of pixels to a choice of images or of regions across the whole pool."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.base import Acquisition, Choice, Floats, PixelScore, Pool
from frugalseg.acquisition.query_size import Query, QuerySize
from frugalseg.acquisition.windows import (
    Windows,
    blocked,
    lay,
    pick_apart,
    pick_highest,
    window_sums,
)
from frugalseg.core.boxes import Box, area, new_pixels
from frugalseg.core.errors import FrugalsegError

Keys = Callable[[NDArray[np.float64], np.random.Generator], NDArray[np.float64]]
"""Maps the scores of units to the keys they are ranked by, of the same shape and finite.

Keys decide on the order only; a choice keeps the scores.
"""


def by_pixel_score(
    score: PixelScore, keys: Keys = lambda scores, rng: scores, *, least_passes: int = 1
) -> Acquisition:
    """Return the acquisition that chooses the images or regions whose pixels score highest."""

    def select(pool: Pool, query_size: QuerySize, rng: np.random.Generator) -> Choice:
        return choose(pool, query_size, rng, (score(maps) for maps in pool.maps()), keys)

    return Acquisition(
        select, "maps", ("image", "region"), least_passes=least_passes, pixel_score=score
    )


def choose(
    pool: Pool,
    query_size: QuerySize,
    rng: np.random.Generator,
    pixels: Iterable[Floats] | None,
    keys: Keys,
) -> Choice:
    """Choose the images or regions with the highest keys in the whole pool.

    The draws of an image depend on `rng` and on its rank among the sorted image ids, so that the
    order of the pool has no influence. Ties are broken at random.

    Args:
        pixels: a score a pixel, H x W of the stack, in the order of the pool; None without scores.
            FrugalsegError if one is not finite.
    """
    streams = _streams(pool.image_ids, rng)
    limit = _limit(pool, query_size)
    candidates: list[tuple[float, float, Query]] = []  # key, tie-breaker, query
    best = np.full(len(pool.index), np.nan)
    for place, (stream, scores) in enumerate(
        zip(streams, repeat(None) if pixels is None else pixels, strict=False)
    ):
        of_image = _candidates(pool, place, scores, keys, stream, limit)
        if of_image:
            best[place] = of_image[0][1].score
        candidates += [(-key, stream.random(), query) for key, query in of_image]
    ranking = (query for _, _, query in sorted(candidates, key=lambda one: one[:2]))
    return Choice(query_size.take(_charge_new_pixels(pool, ranking)), best)


def score_units(
    pool: Pool, place: int, pixels: Floats | None
) -> tuple[NDArray[np.float64], Windows | None]:
    """Score what can be bought of the image at `place` of the pool: itself, or its windows.

    Args:
        pixels: H x W of the stack; None scores everything 0.

    Returns:
        float64, shape (1,) for an image, or one score a window, -inf if it cannot be bought; and
        the windows.
    """
    image = pool.images[place]
    bought = pool.boxes.get(image.image_id, ())
    scores = None if pixels is None else _without_padding(pool, place, pixels)
    if pool.region is None:
        if scores is not None:
            scores = scores[_zero_boxes(np.ones(scores.shape, np.float32), bought) > 0]
        return np.array([aggregate(np.zeros(1) if scores is None else scores, pool)]), None
    windows = lay((image.height, image.width), pool.region)
    sums = np.zeros((len(windows.ys), len(windows.xs)))
    if scores is not None:
        sums = window_sums(_zero_boxes(scores, bought), windows)
    if pool.aggregate == "mean":
        sums /= windows.height * windows.width
    if not pool.region.overlap:
        sums[blocked(windows, bought)] = -np.inf
    return sums, windows


def aggregate(scores: Floats, pool: Pool) -> float:
    """Return the score of an image, as the pool's `aggregate` and `top_k` say.

    Args:
        scores: one for each pixel that counts (not padding, not bought), of any shape.

    Sums run over 64-bit numbers, whatever the dtype of the scores.
    """
    flat: NDArray[np.float64] = np.asarray(scores, np.float64).ravel()
    if pool.aggregate != "top_k":
        return float(getattr(flat, pool.aggregate)())
    count = pool.top_k if isinstance(pool.top_k, int) else round(pool.top_k * flat.size)
    count = min(max(count, 1), flat.size)
    return float(np.partition(flat, flat.size - count)[flat.size - count :].mean())


def _candidates(
    pool: Pool,
    place: int,
    pixels: Floats | None,
    keys: Keys,
    rng: np.random.Generator,
    limit: int,
) -> list[tuple[float, Query]]:
    """Return the best queries of one image with their keys, highest first, at most `limit`."""
    name, *_, pixels_left = pool.images[place]
    scores, windows = score_units(pool, place, pixels)
    available = scores > -np.inf
    ranks = np.where(available, keys(np.where(available, scores, 0.0), rng), -np.inf)
    if pixels is None:
        scores = np.full_like(scores, np.nan)
    if windows is None or pool.region is None:
        return [(float(ranks[0]), Query(name, None, pixels_left, float(scores[0])))]
    if pool.region.overlap:
        boxes = pick_highest(ranks, windows, limit, rng, pool.boxes.get(name, ()))
    else:
        boxes = pick_apart(ranks, windows, limit, rng)
    return [
        (key, Query(name, box, area(box), float(scores[windows.place(box)]))) for key, box in boxes
    ]


def _charge_new_pixels(pool: Pool, ranking: Iterable[Query]) -> Iterator[Query]:
    """Charge a region for its new pixels only; skip one that has none."""
    bought = {name: list(boxes) for name, boxes in pool.boxes.items()}
    for query in ranking:
        if query.box is None:
            yield query
            continue
        boxes = bought.setdefault(query.image_id, [])
        pixels = new_pixels(query.box, boxes)
        if pixels:
            boxes.append(query.box)
            yield replace(query, pixels=pixels)


def _limit(pool: Pool, query_size: QuerySize) -> int:
    """Return the most regions of one image that can be bought."""
    if pool.region is None:
        return 1
    if pool.region.overlap:
        return query_size.most(1)
    sides = np.minimum(pool.index[["height", "width"]].to_numpy(np.int64), pool.region.size)
    return query_size.most(int(sides.prod(axis=1).min(initial=pool.region.size**2)))


def _streams(image_ids: list[str], rng: np.random.Generator) -> list[np.random.Generator]:
    """Return a generator for each image, independent of the order of the images."""
    ranks = np.argsort(np.argsort(np.array(image_ids, object)))
    children = rng.spawn(len(image_ids))
    return [children[rank] for rank in ranks]


def _without_padding(pool: Pool, place: int, pixels: Floats) -> Floats:
    image = pool.images[place]
    content = pixels[: image.height, : image.width]
    if not np.isfinite(content.sum(dtype=np.float64)):
        raise FrugalsegError(
            f"Image {image.image_id!r} has pixels whose score is not a finite "
            "number: the model that chooses has diverged. Lower the learning rate, or set "
            "clip_norm, in the training section of params.yaml."
        )
    return content


def _zero_boxes(scores: Floats, boxes: Sequence[Box]) -> Floats:
    """Return `scores` with 0 inside `boxes`."""
    zeroed = scores.copy() if boxes else scores
    for y, x, height, width in boxes:
        zeroed[y : y + height, x : x + width] = 0
    return zeroed

"""From scores to a choice of images or of regions across the whole pool."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from frugalseg.acquisition.aggregate import aggregate
from frugalseg.acquisition.base import Choice, Floats, PixelScore, Pool, Select
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
"""From the scores of units to what they are ranked by, of the same shape and finite.

Keys decide on the order alone; a choice keeps the scores.
"""


def unchanged(scores: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Rank by the scores themselves."""
    return scores


def ranked(score: PixelScore, keys: Keys = unchanged) -> Select:
    """Return the choice of what scores highest, its pixels scored by `score`."""

    def select(pool: Pool, query_size: QuerySize, rng: np.random.Generator) -> Choice:
        return choose(pool, query_size, rng, (score(maps) for maps in pool.maps()), keys)

    return select


def choose(
    pool: Pool,
    query_size: QuerySize,
    rng: np.random.Generator,
    pixels: Iterable[Floats] | None,
    keys: Keys,
) -> Choice:
    """Choose the images or regions of the highest keys, the whole pool compared.

    The draws of an image depend on `rng` and on its rank among the sorted image ids, so that the
    order of the pool has no influence. Ties are broken at random.

    Args:
        pixels: a score a pixel, H x W of the stack, in the order of the pool; None for none.

    Raises:
        FrugalsegError: a pixel's score is not a finite number.
    """
    streams = _streams(pool.image_ids, rng)
    limit = _limit(pool, query_size)
    offers: list[tuple[float, float, Query]] = []  # key, tie-breaker, query
    best = np.full(len(pool.index), np.nan)
    for place, scores in enumerate(pixels if pixels is not None else repeat(None)):
        if place == len(pool.index):
            break
        found = _offers(pool, place, scores, keys, streams[place], limit)
        if found:
            best[place] = found[0][1].score
        offers += [(-key, streams[place].random(), query) for key, query in found]
    ranking = (query for _, _, query in sorted(offers, key=lambda offer: offer[:2]))
    return Choice(query_size.take(_price(pool, ranking)), best)


def score_units(
    pool: Pool, place: int, pixels: Floats | None
) -> tuple[NDArray[np.float64], Windows | None]:
    """Score what the image at `place` of the pool offers: itself, or a grid of windows.

    Args:
        pixels: H x W of the stack; None scores everything 0.

    Returns:
        float64, shape (1,) of an image, or a score a window, -inf for one that is not for sale;
        and the windows.
    """
    image = pool.images[place]
    bought = pool.boxes.get(image.image_id, ())
    if pool.region is None:
        known = np.zeros(1) if pixels is None else _free(pool, place, pixels, bought)
        return np.array([aggregate(known, pool.aggregate)]), None
    windows = lay((image.height, image.width), pool.region)
    sums = np.zeros((len(windows.ys), len(windows.xs)))
    if pixels is not None:
        sums = window_sums(_without(_real(pool, place, pixels), bought), windows)
    if pool.aggregate.how == "mean":
        sums /= windows.height * windows.width
    if not pool.region.overlap:
        sums[blocked(windows, bought)] = -np.inf
    return sums, windows


def _offers(
    pool: Pool,
    place: int,
    pixels: Floats | None,
    keys: Keys,
    rng: np.random.Generator,
    limit: int,
) -> list[tuple[float, Query]]:
    """Return what one image offers with its keys, highest key first, at most `limit` of it."""
    name, *_, pixels_left = pool.images[place]
    scores, windows = score_units(pool, place, pixels)
    for_sale = scores > -np.inf
    ranks = np.where(for_sale, keys(np.where(for_sale, scores, 0.0), rng), -np.inf)
    if pixels is None:
        scores = np.full_like(scores, np.nan)
    if windows is None or pool.region is None:
        return [(float(ranks[0]), Query(name, None, pixels_left, float(scores[0])))]
    if pool.region.overlap:
        found = pick_highest(ranks, windows, limit, rng, pool.boxes.get(name, ()))
    else:
        found = pick_apart(ranks, windows, limit, rng)
    return [
        (key, Query(name, box, area(box), float(scores[windows.place(box)]))) for key, box in found
    ]


def _price(pool: Pool, ranking: Iterable[Query]) -> Iterator[Query]:
    """Charge a region for its new pixels only; one that has none is not bought again."""
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
    """Return how many regions of one image can be bought at most."""
    if pool.region is None:
        return 1
    if pool.region.overlap:
        return query_size.most(1)
    sides = np.minimum(pool.index[["height", "width"]].to_numpy(np.int64), pool.region.size)
    return query_size.most(int(sides.prod(axis=1).min(initial=pool.region.size**2)))


def _streams(image_ids: list[str], rng: np.random.Generator) -> list[np.random.Generator]:
    """Return a generator for each image, whatever their order."""
    ranks = np.argsort(np.argsort(np.array(image_ids, object)))
    children = rng.spawn(len(image_ids))
    return [children[rank] for rank in ranks]


def _real(pool: Pool, place: int, pixels: Floats) -> Floats:
    """Cut the padding off."""
    image = pool.images[place]
    real = pixels[: image.height, : image.width]
    if not np.isfinite(real.sum(dtype=np.float64)):
        raise FrugalsegError(
            f"Image {image.image_id!r} has pixels whose score is not a finite "
            "number: the model that chooses has diverged. Lower the learning rate, or set "
            "clip_norm, in the training section of params.yaml."
        )
    return real


def _without(scores: Floats, bought: Iterable[Box]) -> Floats:
    """Set to zero what was bought."""
    boxes = list(bought)
    left = scores.copy() if boxes else scores
    for y, x, height, width in boxes:
        left[y : y + height, x : x + width] = 0
    return left


def _free(pool: Pool, place: int, pixels: Floats, bought: Iterable[Box]) -> Floats:
    """Return the scores of the real pixels that were not bought."""
    real = _real(pool, place, pixels)
    free = _without(np.ones(real.shape, np.float32), bought)
    return real[free > 0]

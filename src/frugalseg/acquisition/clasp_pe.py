"""ClaSP PE: entropy, stratified by predicted class, with noise that fades from round to round."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from frugalseg.acquisition.base import Acquisition, Choice, Floats, Maps, Pool
from frugalseg.acquisition.power_bald import perturb
from frugalseg.acquisition.query_size import Query, QuerySize
from frugalseg.acquisition.ranking import choose
from frugalseg.acquisition.uncertainty import predictive_entropy

CLASS_SHARE = 0.66
"""Share of a query that the foreground classes get in equal parts; entropy alone has the rest."""


def select(pool: Pool, query_size: QuerySize, rng: np.random.Generator) -> Choice:
    """Choose a part of the query by entropy, and a part for each foreground class.

    Lueth, Traub et al. (2026), "Finally Outshining the Random Baseline" (arXiv 2601.13677). Of it,
    the abstract could be read: class-stratified querying, and power noise on the scores' logarithm
    with a decaying schedule. From the authors' code (MIC-DKFZ/nnActive) come the score of a class,
    its probability times the entropy; the share of the classes; and the noise, Gumbel(0, 1 / beta).
    The values of the schedule could not be read: here beta is 1 in the first round and doubles in
    each. Scores are entropies. The pool is predicted once for the entropy and once for each class.
    """
    if pool.index.empty:
        return Choice([], np.empty(0))
    noisy = partial(perturb, coldness=2.0 ** (pool.round - 1))
    least = _price(pool, query_size) / 2  # of a part that can buy a label

    def buy(left: Pool, amount: float, score: Callable[[Maps], Floats]) -> Choice:
        size = replace(query_size, amount=max(amount, least))
        return choose(left, size, rng, map(score, left.maps()), noisy)

    classes = next(pool.maps()).probs.shape[0] - 1
    share = 1 - CLASS_SHARE
    choice = buy(pool, share * query_size.amount, predictive_entropy)
    queries = choice.queries if share * query_size.amount >= least else []
    for number in range(1, classes + 1):
        share += CLASS_SHARE / classes
        amount = share * query_size.amount - sum(map(query_size.price, queries))
        left = without(pool, queries)
        if amount >= least and len(left.index):
            queries = queries + buy(left, amount, _class_entropy(number)).queries
    return Choice(queries, choice.scores)


def _class_entropy(number: int) -> Callable[[Maps], Floats]:
    return lambda maps: maps.probs[number] * predictive_entropy(maps)


def _price(pool: Pool, query_size: QuerySize) -> float:
    """Return the price of an average label of the pool."""
    pixels = pool.region.size**2 if pool.region else float(pool.index["pixels"].mean())
    return query_size.per_label + query_size.per_pixel * pixels


def without(pool: Pool, queries: list[Query]) -> Pool:
    """Return what is left of a pool once some labels are bought."""
    boxes = {name: list(boxes) for name, boxes in pool.boxes.items()}
    for query in queries:
        if query.box is not None:
            boxes.setdefault(query.image_id, []).append(query.box)
    whole = {query.image_id for query in queries if query.box is None}
    kept = ~pool.index["image_id"].isin(whole)

    def maps() -> Iterator[Maps]:
        return (maps for maps, keep in zip(pool.maps(), kept, strict=True) if keep)

    return replace(pool, index=pool.index[kept].reset_index(drop=True), boxes=boxes, maps=maps)


CLASP_PE = Acquisition(select, "maps", ("image", "region"), pixel_score=predictive_entropy)

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pool_makers import make_pool, region_of, with_scores

from frugalseg.acquisition.base import Choice, Maps, Pool
from frugalseg.acquisition.clasp_pe import CLASP_PE, without
from frugalseg.acquisition.query_size import Query, QuerySize

LATE = 60
"""A round in which the noise is gone."""


def pool_of(*probs: tuple[float, ...], round_: int = LATE) -> Pool:
    """Return a pool of images that have the same probabilities at each pixel."""
    pool = make_pool([(2, 2)] * len(probs), round=round_)

    def maps() -> Iterator[Maps]:
        for image in probs:
            stacked = np.tile(np.array(image, np.float32)[:, None, None], (1, 2, 2))
            yield Maps(stacked, np.zeros((2, 2), np.float32))

    return replace(pool, maps=maps)


def buy(pool: Pool, size: float, seed: int = 0) -> Choice:
    return CLASP_PE.select(pool, QuerySize(size), np.random.default_rng(seed))


def names(choice: Choice) -> list[str]:
    return [query.image_id for query in choice.queries]


def test_a_third_by_entropy_and_two_thirds_by_class() -> None:
    # entropies in nats: .69, .50, .50, .33, .33
    choice = buy(pool_of((0.5, 0.5), (0.2, 0.8), (0.8, 0.2), (0.9, 0.1), (0.1, 0.9)), 3)
    # one by entropy alone; then by .8 x .50 = .40 and .9 x .33 = .29 before .2 x .50 = .10
    assert names(choice) == ["i0", "i1", "i4"]
    assert choice.scores == pytest.approx([0.693, 0.5, 0.5, 0.325, 0.325], abs=1e-3)


def test_every_class_has_its_part() -> None:
    rare, unsure, common = (0.8, 0.0, 0.2), (0.34, 0.33, 0.33), (0.4, 0.6, 0.0)
    choice = buy(pool_of(unsure, common, common, rare, common), 3)
    # one by entropy, one for class 1, one for class 2: common images alone would go by entropy
    assert names(choice)[0] == "i0"
    assert set(names(choice)[1:]) & {"i1", "i2", "i4"}
    assert "i3" in names(choice)


def test_a_query_of_one_image_goes_to_a_class() -> None:
    assert names(buy(pool_of((0.5, 0.5), (0.2, 0.8)), 1)) == ["i1"]


def test_no_image_is_bought_twice_and_the_pool_may_end() -> None:
    assert sorted(names(buy(pool_of((0.5, 0.5), (0.2, 0.8)), 6))) == ["i0", "i1"]
    assert names(buy(make_pool([]), 3)) == []


def test_noise_fades_from_round_to_round() -> None:
    def firsts(round_: int) -> int:
        pool = pool_of((0.5, 0.5), (0.3, 0.7), (0.7, 0.3), round_=round_)
        return len({names(buy(pool, 1, seed))[0] for seed in range(40)})

    assert firsts(1) == 3
    assert firsts(LATE) == 1


@pytest.mark.parametrize("amount", [24.0, 40.0])
def test_regions_share_no_pixel_and_cost_what_was_asked(amount: float) -> None:
    regions = make_pool([(8, 8)] * 2, region=region_of(2, 2), aggregate="sum", round=2)
    scored = with_scores(regions, list(np.random.default_rng(0).random((2, 8, 8))))
    choice = CLASP_PE.select(scored, QuerySize(amount, 0, 1), np.random.default_rng(0))
    places = [(query.image_id, query.box) for query in choice.queries]
    assert len(set(places)) == len(places)
    assert sum(query.pixels for query in choice.queries) == amount


def test_what_is_left_keeps_predictions_and_names_together() -> None:
    pool = pool_of((0.5, 0.5), (0.2, 0.8), (0.9, 0.1))
    left = without(pool, [Query("i1"), Query("i2", (0, 0, 1, 2))])
    assert left.image_ids == ["i0", "i2"]
    assert [float(maps.probs[1, 0, 0]) for maps in left.maps()] == pytest.approx([0.5, 0.1])
    assert left.boxes == {"i2": [(0, 0, 1, 2)]}

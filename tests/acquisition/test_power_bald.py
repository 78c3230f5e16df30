from dataclasses import replace

import numpy as np
import pytest
from pool_makers import make_pool, region_of, with_scores

from frugalseg.acquisition.bald import mutual_information
from frugalseg.acquisition.base import Pool
from frugalseg.acquisition.power_bald import POWER_BALD, perturb
from frugalseg.acquisition.query_size import QuerySize


def pool() -> Pool:
    scored = with_scores(make_pool([(2, 2)] * 3), [np.full((2, 2), p) for p in (0.5, 0.1, 0.0)])
    return replace(scored, maps=scored.maps)


def test_the_first_is_drawn_in_proportion_to_bald() -> None:
    known = [float(mutual_information(maps).mean()) for maps in pool().maps()]
    rng = np.random.default_rng(0)
    draws = [POWER_BALD.select(pool(), QuerySize(1), rng).queries[0].image_id for _ in range(1500)]
    share = known[0] / (known[0] + known[1])
    assert abs(draws.count("i0") / 1500 - share) < 0.04  # standard deviation 0.012
    assert "i2" not in draws  # its BALD is 0


def test_the_score_is_bald_and_the_noise_decides_on_the_order_alone() -> None:
    known = [float(mutual_information(maps).mean()) for maps in pool().maps()]
    orders = set()
    for seed in range(20):
        choice = POWER_BALD.select(pool(), QuerySize(3), np.random.default_rng(seed))
        streams = np.random.default_rng(seed).spawn(3)
        keys = [perturb(np.array([s]), r)[0] for s, r in zip(known, streams, strict=True)]
        order = np.argsort(keys)[::-1].tolist()
        assert [query.image_id for query in choice.queries] == [f"i{place}" for place in order]
        assert [query.score for query in choice.queries] == [known[place] for place in order]
        assert choice.scores.tolist() == known
        orders.add(tuple(order))
    assert orders == {(0, 1, 2), (1, 0, 2)}


@pytest.mark.parametrize("overlapping", [False, True])
def test_regions_keep_their_bald(overlapping: bool) -> None:
    probs = np.full((2, 6), 0.1)
    probs[:, 3:] = 0.5
    regions = make_pool([(2, 6)], region=region_of(2, 1, overlapping), aggregate="sum")
    scored = with_scores(regions, [probs])
    bald = mutual_information(next(scored.maps()))
    choice = POWER_BALD.select(scored, QuerySize(3), np.random.default_rng(0))
    for query in choice.queries:
        assert query.box is not None
        x = query.box[1]
        assert query.score == pytest.approx(bald[:, x : x + 2].sum(), rel=1e-6)
    assert choice.scores.tolist() == [choice.queries[0].score]


def test_the_noise_is_gumbels() -> None:
    keys = perturb(np.ones(20_000), np.random.default_rng(0))
    assert abs(keys.mean() - np.euler_gamma) < 0.05
    assert abs(keys.var() - np.pi**2 / 6) < 0.1


def test_what_scores_nothing_comes_last_and_is_drawn_at_random() -> None:
    keys = perturb(np.array([0.0, 1e-12, 0.0]), np.random.default_rng(0))
    assert np.isfinite(keys).all()
    assert keys.argmax() == 1
    assert keys[0] != keys[2]

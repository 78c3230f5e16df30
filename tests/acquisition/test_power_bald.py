from dataclasses import replace

import numpy as np
from pool_makers import make_pool, with_scores

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


def test_the_noise_is_gumbels() -> None:
    keys = perturb(np.ones(20_000), np.random.default_rng(0))
    assert abs(keys.mean() - np.euler_gamma) < 0.05
    assert abs(keys.var() - np.pi**2 / 6) < 0.1


def test_what_scores_nothing_comes_last_and_is_drawn_at_random() -> None:
    keys = perturb(np.array([0.0, 1e-12, 0.0]), np.random.default_rng(0))
    assert np.isfinite(keys).all()
    assert keys.argmax() == 1
    assert keys[0] != keys[2]

import numpy as np
import pandas as pd
from pool_makers import make_pool, region_of

from frugalseg.acquisition.query_size import QuerySize
from frugalseg.acquisition.random import RANDOM
from frugalseg.core.boxes import overlap

POOL = make_pool([(4, 4)] * 20)


def ids(size: int, seed: int) -> list[str]:
    choice = RANDOM.select(POOL, QuerySize(size), np.random.default_rng(seed))
    return [query.image_id for query in choice.queries]


def test_the_choice_is_without_replacement_and_reproducible() -> None:
    chosen = ids(8, 0)
    assert len(set(chosen)) == 8
    assert chosen == ids(8, 0)
    assert chosen != ids(8, 1)


def test_nothing_is_scored() -> None:
    for pool in (POOL, make_pool([(6, 6)] * 2, region=region_of(3, 3))):
        choice = RANDOM.select(pool, QuerySize(2), np.random.default_rng(0))
        assert np.isnan([query.score for query in choice.queries]).all()
        assert np.isnan(choice.scores).all()


def test_a_query_beyond_the_pool_takes_all_of_it() -> None:
    assert sorted(ids(99, 0)) == sorted(POOL.index["image_id"])


def test_every_image_is_equally_likely() -> None:
    rng = np.random.default_rng(0)
    draws = [RANDOM.select(POOL, QuerySize(5), rng).queries for _ in range(1000)]
    counts = pd.Series([query.image_id for draw in draws for query in draw]).value_counts()
    assert len(counts) == 20
    assert counts.between(190, 310).all()  # 250 expected, standard deviation 13.7


def test_regions_share_no_pixel_and_fall_anywhere() -> None:
    pool = make_pool([(6, 6), (6, 12)], region=region_of(3, 3))
    rng = np.random.default_rng(0)
    draws = [RANDOM.select(pool, QuerySize(2), rng).queries for _ in range(900)]
    for one, other in draws:
        assert one.box is not None
        assert other.box is not None
        assert one.image_id != other.image_id or not overlap(one.box, other.box)
    counts = pd.Series([(q.image_id, q.box) for draw in draws for q in draw]).value_counts()
    assert len(counts) == 4 + 8
    assert counts.between(100, 200).all()  # 150 expected, standard deviation 11.2


def test_random_rounds_wait_for_no_model() -> None:
    assert RANDOM.needs == "nothing"

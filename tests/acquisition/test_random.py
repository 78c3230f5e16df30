import numpy as np
import pandas as pd

from frugalseg.acquisition.base import Pool
from frugalseg.acquisition.random import RANDOM

POOL = Pool(pd.DataFrame({"image_id": [f"i{number}" for number in range(20)]}))


def ids(size: int, seed: int) -> list[str]:
    return [query.image_id for query in RANDOM.select(POOL, size, np.random.default_rng(seed))]


def test_the_choice_is_without_replacement_and_reproducible() -> None:
    chosen = ids(8, 0)
    assert len(set(chosen)) == 8
    assert chosen == ids(8, 0)
    assert chosen != ids(8, 1)


def test_a_query_beyond_the_pool_takes_all_of_it() -> None:
    assert sorted(ids(99, 0)) == sorted(POOL.index["image_id"])


def test_every_image_is_equally_likely() -> None:
    rng = np.random.default_rng(0)
    draws = [RANDOM.select(POOL, 5, rng) for _ in range(2000)]
    counts = pd.Series([query.image_id for draw in draws for query in draw]).value_counts()
    assert len(counts) == 20
    assert counts.between(420, 580).all()  # 500 expected, standard deviation 19


def test_random_rounds_wait_for_no_model() -> None:
    assert RANDOM.needs == "nothing"

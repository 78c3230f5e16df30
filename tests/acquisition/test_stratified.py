from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pool_makers import make_pool

from frugalseg.acquisition.base import Pool
from frugalseg.acquisition.query_size import QuerySize
from frugalseg.acquisition.stratified import STRATIFIED, stratified_order

TAGS = np.array(["0", "0", "0", "1", "1", "1+2"], object)


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=40), st.integers(0, 99))
def test_every_prefix_holds_each_stratum_to_within_one(strata: list[str], seed: int) -> None:
    labels = np.array(strata, object)
    order = stratified_order(labels, np.random.default_rng(seed))
    assert sorted(order.tolist()) == list(range(len(strata)))
    for length in range(1, len(strata) + 1):
        for stratum in set(strata):
            found = (labels[order[:length]] == stratum).sum()
            assert abs(found - length * strata.count(stratum) / len(strata)) <= 1.5


@given(st.permutations(range(6)), st.integers(0, 20))
def test_the_order_of_the_pool_has_no_influence_and_budgets_are_nested(
    order: list[int], seed: int
) -> None:
    pool = replace(make_pool([(2, 2)] * 6), tags=lambda: TAGS)
    index = pool.index.iloc[order].reset_index(drop=True)
    shuffled = replace(pool, index=index, tags=lambda: TAGS[order])

    def names(size: int, of: Pool = pool) -> list[str]:
        queries = STRATIFIED.select(of, QuerySize(size), np.random.default_rng(seed)).queries
        return [query.image_id for query in queries]

    assert names(6, shuffled) == names(6)
    assert names(3) == names(6)[:3]
    assert len({TAGS[int(name[1:])] for name in names(3)}) >= 2

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from pool_makers import make_pool, region_of

from frugalseg.acquisition.base import Maps, Pool
from frugalseg.acquisition.foreground_random import FOREGROUND_RANDOM, PREDICTED_FOREGROUND_RANDOM
from frugalseg.acquisition.query_size import QuerySize


def pool(**fields: object) -> Pool:
    """Return ten images of which one holds foreground in its upper left corner."""
    masks = np.zeros((10, 4, 4), bool)
    masks[3, 0, 0] = True
    return replace(make_pool([(4, 4)] * 10, **fields), masks=lambda: iter(masks))


def test_two_of_three_first_draws_hold_foreground_and_some_of_the_rest() -> None:
    rng = np.random.default_rng(0)
    firsts = [
        FOREGROUND_RANDOM.select(pool(), QuerySize(1), rng).queries[0].image_id for _ in range(600)
    ]
    # 2/3 + 1/3 * 1/10 = 0.7, standard deviation 0.019
    assert 0.64 < firsts.count("i3") / 600 < 0.76
    assert len(set(firsts)) == 10


def test_by_region_the_window_that_holds_foreground_is_favored() -> None:
    rng = np.random.default_rng(0)
    regions = pool(region=region_of(2, 2))
    firsts = [FOREGROUND_RANDOM.select(regions, QuerySize(1), rng).queries[0] for _ in range(300)]
    assert {(query.image_id, query.box) for query in firsts if query.score} == {
        ("i3", (0, 0, 2, 2))
    }
    hits = sum(query.image_id == "i3" and query.box == (0, 0, 2, 2) for query in firsts)
    assert 0.59 < hits / 300 < 0.76  # 2/3 + 1/3 * 1/40


def test_without_foreground_it_draws_all_the_same() -> None:
    empty = replace(pool(), masks=lambda: iter(np.zeros((10, 4, 4), bool)))
    choice = FOREGROUND_RANDOM.select(empty, QuerySize(99), np.random.default_rng(0))
    assert len(choice.queries) == 10


def test_it_says_that_it_is_an_oracle() -> None:
    assert FOREGROUND_RANDOM.oracle
    assert FOREGROUND_RANDOM.needs == "masks"


def test_predicted_foreground_is_favored_without_masks() -> None:
    probs = np.zeros((10, 2, 4, 4), np.float32)
    probs[:, 0] = 1
    probs[3, :, 0, 0] = 0.4, 0.6
    predicted = replace(make_pool([(4, 4)] * 10), maps=lambda: (Maps(one, one[0]) for one in probs))
    rng = np.random.default_rng(0)
    firsts = [
        PREDICTED_FOREGROUND_RANDOM.select(predicted, QuerySize(1), rng).queries[0].image_id
        for _ in range(600)
    ]
    assert 0.64 < firsts.count("i3") / 600 < 0.76  # as above
    assert not PREDICTED_FOREGROUND_RANDOM.oracle


def test_the_model_predicts_the_pool_once() -> None:
    predictions: list[int] = []

    def maps() -> Iterator[Maps]:
        predictions.append(1)
        return iter([Maps(np.ones((2, 3, 5), np.float32), np.ones((3, 5), np.float32))])

    odd = replace(make_pool([(3, 5)]), maps=maps)
    PREDICTED_FOREGROUND_RANDOM.select(odd, QuerySize(1), np.random.default_rng(0))
    assert len(predictions) == 1

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pool_makers import first_class, make_pool, permuted, region_of, with_scores

from frugalseg.acquisition.base import Choice, Pool
from frugalseg.acquisition.query_size import QuerySize
from frugalseg.acquisition.ranking import by_pixel_score
from frugalseg.core.boxes import overlap
from frugalseg.core.errors import FrugalsegError

SELECT = by_pixel_score(first_class).select


def chosen(pool: Pool, size: QuerySize, seed: int = 0) -> Choice:
    return SELECT(pool, size, np.random.default_rng(seed))


def names(choice: Choice) -> list[str]:
    return [query.image_id for query in choice.queries]


def flat(*values: float, side: int = 4) -> Pool:
    """Return a pool of images whose pixels all score the same."""
    pool = make_pool([(side, side)] * len(values))
    return with_scores(pool, [np.full((side, side), value) for value in values])


def test_the_highest_images_come_first_with_their_scores() -> None:
    choice = chosen(flat(0.25, 0.75, 0.5), QuerySize(2))
    assert names(choice) == ["i1", "i2"]
    assert [query.score for query in choice.queries] == [0.75, 0.5]
    assert [query.pixels for query in choice.queries] == [16, 16]
    assert choice.scores.tolist() == [0.25, 0.75, 0.5]


def test_padding_has_no_part() -> None:
    pool = make_pool([(2, 2), (4, 4)], aggregate="sum")
    padded = np.ones((4, 4))
    padded[:2, :2] = 0.125
    scored = with_scores(pool, [padded, np.full((4, 4), 0.0625)])
    assert chosen(scored, QuerySize(1)).scores.tolist() == [0.5, 1.0]
    by_mean = replace(scored, aggregate="mean")
    assert chosen(by_mean, QuerySize(1)).scores.tolist() == [0.125, 0.0625]


def test_what_was_bought_of_an_image_has_no_part() -> None:
    scores = np.full((4, 4), 0.25)
    scores[:2] = 1
    pool = with_scores(make_pool([(4, 4)], boxes={"i0": [(0, 0, 2, 4)]}), [scores])
    assert chosen(pool, QuerySize(1)).scores.tolist() == [0.25]


def test_a_query_beyond_the_pool_takes_all_and_a_pool_of_one_gives_one() -> None:
    assert sorted(names(chosen(flat(0.1, 0.3), QuerySize(9)))) == ["i0", "i1"]
    assert names(chosen(flat(0.1), QuerySize(1))) == ["i0"]
    assert chosen(with_scores(make_pool([]), []), QuerySize(1)).queries == []


def test_ties_are_drawn_and_not_the_first() -> None:
    firsts = {names(chosen(flat(*[0.5] * 8), QuerySize(1), seed))[0] for seed in range(60)}
    assert len(firsts) == 8


def test_a_score_that_is_no_number_is_an_error_that_names_the_image() -> None:
    with pytest.raises(FrugalsegError, match="Image 'i1' has pixels whose score is not a finite"):
        chosen(flat(0.5, np.nan), QuerySize(1))


@given(st.permutations(range(6)), st.integers(0, 5), st.booleans())
def test_the_order_of_the_pool_has_no_influence(
    order: list[int], seed: int, by_region: bool
) -> None:
    rng = np.random.default_rng(0)
    scores = [np.round(rng.random((8, 8)) * 2) / 2 for _ in range(6)]  # many ties
    pool = with_scores(
        make_pool([(8, 8)] * 6, region=region_of(3, 2) if by_region else None), scores
    )
    one = chosen(pool, QuerySize(4), seed)
    other = chosen(permuted(pool, order), QuerySize(4), seed)
    assert one.queries == other.queries
    assert np.array_equal(one.scores[order], other.scores)


def test_regions_are_the_highest_of_the_whole_pool() -> None:
    scores = [np.zeros((6, 6)) for _ in range(3)]
    scores[2][1:3, 1:3] = 1.0
    scores[0][4:, 4:] = 0.5
    pool = with_scores(make_pool([(6, 6)] * 3, region=region_of(2, 1), aggregate="sum"), scores)
    choice = chosen(pool, QuerySize(2))
    assert [(q.image_id, q.box, q.score) for q in choice.queries] == [
        ("i2", (1, 1, 2, 2), 4.0),
        ("i0", (4, 4, 2, 2), 2.0),
    ]
    assert choice.scores.tolist() == [2.0, 0.0, 4.0]
    assert replace(choice.queries[0], score=0).pixels == 4


def test_regions_never_lie_on_padding() -> None:
    scores = np.ones((8, 8))
    pool = with_scores(make_pool([(5, 3)], region=region_of(2, 1)), [scores])
    for query in chosen(pool, QuerySize(99)).queries:
        assert query.box is not None
        assert query.box[0] + query.box[2] <= 5
        assert query.box[1] + query.box[3] <= 3


def test_with_overlap_bought_pixels_score_nothing_and_are_not_charged() -> None:
    scores = np.zeros((1, 6))
    scores[0] = [1, 1, 0.5, 0.25, 0, 0]
    bought = {"i0": [(0, 0, 1, 1)]}
    region = region_of(3, 1, overlap=True)
    pool = make_pool([(1, 6)], region=region, aggregate="sum", boxes=bought)
    choice = chosen(with_scores(pool, [scores]), QuerySize(2))
    assert [(q.box, q.score, q.pixels) for q in choice.queries] == [
        ((0, 1, 1, 3), 1.75, 3),
        ((0, 2, 1, 3), 0.75, 1),  # (0, 0, 1, 3) scores more and holds nothing new
    ]


@given(
    st.integers(3, 14), st.integers(3, 14), st.integers(1, 5), st.integers(1, 4), st.booleans(),
    st.integers(0, 3),
)  # fmt: skip
def test_no_region_is_bought_twice(
    height: int, width: int, size: int, stride: int, may_overlap: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    scores = [rng.random((height, width)) for _ in range(2)]
    region = region_of(size, stride, overlap=may_overlap)
    bought: dict[str, list[tuple[int, int, int, int]]] = {"i0": [], "i1": []}
    paid = 0
    for round_ in range(4):
        pool = make_pool([(height, width)] * 2, region=region, boxes=bought)
        choice = chosen(with_scores(pool, scores), QuerySize(3), round_)
        for query in choice.queries:
            assert query.box is not None
            old = bought[query.image_id]
            assert query.box not in old
            if not may_overlap:
                assert not any(overlap(query.box, other) for other in old)
            paid += query.pixels
            bought[query.image_id] = [*old, query.box]
    owned = np.zeros((2, height, width), bool)
    for place, name in enumerate(bought):
        for y, x, rows, columns in bought[name]:
            owned[place, y : y + rows, x : x + columns] = True
    assert paid == owned.sum()


@pytest.mark.parametrize("overlap_", [False, True])
def test_rounds_of_pixels_differ_by_less_than_a_region(overlap_: bool) -> None:
    rng = np.random.default_rng(0)
    pool = make_pool([(20, 20)] * 5, region=region_of(4, 3, overlap_))
    scored = with_scores(pool, [rng.random((20, 20)) for _ in range(5)])
    pixels = [query.pixels for query in chosen(scored, QuerySize(150, 0, 1)).queries]
    assert abs(sum(pixels) - 150) <= 16

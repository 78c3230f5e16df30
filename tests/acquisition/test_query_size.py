from hypothesis import given
from hypothesis import strategies as st

from frugalseg.acquisition.query_size import Query, QuerySize


def queries(*pixels: int) -> list[Query]:
    return [Query(f"i{number}", None, count) for number, count in enumerate(pixels)]


def test_labels_are_counted() -> None:
    assert len(QuerySize(3).take(queries(*range(9)))) == 3


def test_pixels_come_as_near_as_they_can() -> None:
    assert len(QuerySize(24, 0, 1).take(queries(10, 10, 10))) == 2
    assert len(QuerySize(26, 0, 1).take(queries(10, 10, 10))) == 3


def test_a_dear_label_is_not_jumped_over_for_a_cheaper_one() -> None:
    assert [q.image_id for q in QuerySize(20, 0, 1).take(queries(10, 90, 10))] == ["i0"]


def test_seconds_of_images_and_of_regions() -> None:
    assert len(QuerySize(180, 60).take(queries(*range(9)))) == 3
    assert len(QuerySize(4, 0, 2 / 1000).take(queries(500, 500, 500, 500, 500))) == 4


def test_at_least_one_and_no_more_than_there_are() -> None:
    assert len(QuerySize(1, 60).take(queries(5, 5))) == 1
    assert len(QuerySize(9).take(queries(5, 5))) == 2
    assert QuerySize(9).take([]) == []


@given(st.lists(st.integers(1, 50), min_size=1, max_size=30), st.floats(1, 500))
def test_what_is_spent_is_within_half_a_label_of_the_amount(
    pixels: list[int], amount: float
) -> None:
    size = QuerySize(amount, 0, 1)
    taken = size.take(queries(*pixels))
    spent = sum(map(size.price, taken))
    assert len(taken) <= size.most(min(pixels))
    if 1 < len(taken) < len(pixels):
        assert abs(spent - amount) <= max(pixels) / 2

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.reporting.figures.bought import overlap_changes, overlap_drawings, overlaps
from frugalseg.reporting.load.study import Study

COLUMNS = ["arm", "seed", "round", "image_id", "y", "x", "height", "width"]


def table(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def test_shared_pixels_count_once_the_later_arm_has_bought_them() -> None:
    # Round 1: a has all 16 pixels of p, b a quarter of it. Round 2: b buys q, and a its half.
    bought = table(
        ("a", 0, 1, "p", 0, 0, 4, 4), ("b", 0, 1, "p", 2, 2, 2, 2),
        ("a", 0, 2, "q", 0, 0, 2, 4), ("b", 0, 2, "q", 0, 0, 4, 4),
    )  # fmt: skip
    found = overlaps(bought)
    assert found["jaccard"].tolist() == pytest.approx([4 / 16, 12 / 32])
    assert found[["a", "b", "round"]].to_numpy().tolist() == [["a", "b", 1], ["a", "b", 2]]


def test_a_purchase_of_another_round_is_shared_from_the_later_on() -> None:
    bought = table(
        ("a", 0, 1, "p", 0, 0, 2, 2), ("b", 0, 1, "q", 0, 0, 2, 2),
        ("a", 0, 2, "q", 0, 0, 2, 2), ("b", 0, 2, "p", 0, 0, 2, 2),
    )  # fmt: skip
    assert overlaps(bought)["jaccard"].tolist() == [0.0, 1.0]


def test_pixels_bought_twice_by_overlapping_windows_count_once() -> None:
    bought = table(
        ("a", 0, 1, "p", 0, 0, 2, 2), ("a", 0, 1, "p", 0, 1, 2, 2), ("b", 0, 1, "p", 0, 0, 2, 3)
    )
    assert overlaps(bought)["jaccard"].tolist() == [1.0]


@given(st.lists(st.tuples(st.sampled_from("pqr"), st.integers(0, 3)), min_size=1, max_size=6))
def test_an_arm_is_like_its_copy(boxes: list[tuple[str, int]]) -> None:
    rows = [(arm, 0, 1, name, at, 0, 2, 2) for arm in "ab" for name, at in boxes]
    assert overlaps(table(*rows))["jaccard"].tolist() == [1.0]


def test_rounds_become_columns_of_means_over_seeds() -> None:
    data = pd.DataFrame(
        [("a", "b", 1, 0, 0.2), ("a", "b", 1, 1, 0.4), ("a", "b", 2, 0, 0.5)],
        columns=["a", "b", "round", "seed", "jaccard"],
    )
    wide = overlap_changes(data)
    assert wide.to_dict("records") == [
        {"a": "a", "b": "b", "round 1": pytest.approx(0.3), "round 2": 0.5}
    ]


def test_the_figure_tells_its_largest_overlap(study: Study) -> None:
    (drawing,) = overlap_drawings(study)
    means = drawing.data[drawing.data["round"] == 2]["jaccard"].mean()
    assert drawing.alt.startswith("Overlap of 1 pair of arms.")
    assert f"{means:.2f}" in drawing.alt

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.kinds.budget import buy_kinds, count_kinds
from frugalseg.data.ledger import empty_ledger

POOL = pd.DataFrame({"image_id": list("abcdefghij"), "foreground": [5.0] + 9 * [0.0]})


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"images": 4}, [("images", 4)]),
        ({"boxes": 0.5, "points": 2, "images": 1}, [("images", 1), ("points", 2), ("boxes", 5)]),
        ({"scribbles": 0.25, "boxes": 0.75}, [("scribbles", 2), ("boxes", 8)]),
        (
            {"scribbles": 0.16, "points": 0.06, "boxes": 0.78},
            [("scribbles", 2), ("points", 1), ("boxes", 8)],
        ),
    ],
)
def test_kinds_take_turns_in_one_order(
    labels: dict[str, float], expected: list[tuple[str, int]]
) -> None:
    assert count_kinds(labels, POOL) == expected


def test_what_the_pool_does_not_have_is_refused() -> None:
    with pytest.raises(FrugalsegError, match="'labels' asks for 11 images"):
        count_kinds({"images": 11}, POOL)
    with pytest.raises(FrugalsegError, match="points of 4, boxes of 7 images.* pool has 10"):
        count_kinds({"points": 4, "boxes": 7}, POOL)
    with pytest.raises(FrugalsegError, match=r"'labels\.boxes' are drawn on objects"):
        count_kinds({"images": 2, "boxes": 2}, POOL.assign(foreground=0))
    assert count_kinds({"images": 2}, POOL.assign(foreground=0)) == [("images", 2)]


def test_the_last_kind_takes_what_rounding_left(tmp_path: Path) -> None:
    np.save(tmp_path / "masks.npy", np.zeros((3, 4, 4), np.uint8))
    index = pd.DataFrame({"row": [0, 1, 2], "image_id": list("abc"), "pixels": 16})
    index = index.assign(stack_height=4, stack_width=4)
    counts = [("images", 1), ("points", 1), ("boxes", 2)]
    ledger = buy_kinds(empty_ledger(), index, list("cab"), counts, tmp_path / "masks.npy")
    assert ledger["image_id"].tolist() == ["c", "a", "b"]
    assert ledger["unit"].tolist() == ["image", "points", "boxes"]
    assert ledger["marks"].fillna(-1).tolist() == [-1, 4, 0]

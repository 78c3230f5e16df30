from typing import Any

import pandas as pd
import pytest

from frugalseg.acquisition.query_size import Query, QuerySize
from frugalseg.core.costs import price
from frugalseg.core.errors import FrugalsegError
from frugalseg.data.ledger import buy_regions, empty_ledger

COSTS: dict[str, Any] = {
    "mask_seconds": 60,
    "region_seconds": 5,
    "region_seconds_per_kilopixel": 2,
    "tag_seconds": 1,
}


def test_every_unit_is_charged_once_per_purchase() -> None:
    ledger = pd.DataFrame(
        [
            (0, "v", "val", "image", 100),
            (0, "a", "train", "image", 100),
            (1, "b", "train", "region", 500),
            (1, "b", "train", "region", 1500),
            (2, "c", "train", "tag", 0),
        ],
        columns=["round", "image_id", "part", "unit", "pixels"],
    )
    spent = price(ledger, **COSTS)
    assert spent["round"].tolist() == [0, 1, 2]
    assert spent["images"].tolist() == [2, 3, 3]
    assert spent["pixels"].tolist() == [200, 2200, 2200]
    assert spent["seconds"].tolist() == [
        120.0,
        134.0,
        135.0,
    ]  # two regions at 5 s, two kilopixels at 2 s
    assert spent["train_pixels"].tolist() == [100, 2100, 2100]


def test_a_drawing_costs_a_look_and_its_marks() -> None:
    ledger = pd.DataFrame(
        [
            (0, "v", "val", "image", 100, pd.NA),
            (0, "a", "train", "scribbles", 30, 3),
            (0, "b", "train", "boxes", 90, 0),
            (1, "c", "train", "boxes", 80, 2),
        ],
        columns=["round", "image_id", "part", "unit", "pixels", "marks"],
    )
    spent = price(ledger, **COSTS, mark_seconds={"scribbles": 10.5, "boxes": 7})
    assert spent["seconds"].tolist() == [60 + (1 + 31.5) + 1, 93.5 + (1 + 14)]
    assert spent["images"].tolist() == [1, 1]  # images, pixels and fractions are those of masks
    assert spent["pixels"].tolist() == [100, 100]
    assert spent["train_pixels"].tolist() == [0, 0]
    with pytest.raises(FrugalsegError, match=r"costs\.mark_seconds: expected the price of boxes"):
        price(ledger, **COSTS, mark_seconds={"scribbles": 10.5})


def test_a_query_in_seconds_spends_what_the_ledger_is_charged() -> None:
    ranking = [Query(f"i{number}", (0, 0, 20, 25), 500) for number in range(99)]
    taken = QuerySize(30, 5, 2 / 1000).take(ranking)  # 6 s each
    regions = [(query.image_id, query.box) for query in taken if query.box]
    ledger = buy_regions(empty_ledger(), regions, round_=1, part="train")
    spent = price(ledger, **COSTS)
    assert spent["seconds"].tolist() == [30.0]
    assert spent["train_pixels"].tolist() == [2500]

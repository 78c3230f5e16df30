from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from frugalseg.acquisition.query_size import QuerySize
from frugalseg.core.errors import FrugalsegError
from frugalseg.data.ledger import buy_images, buy_regions, empty_ledger
from frugalseg.data.split import amount, training_pool
from frugalseg.data.stack import read_index
from frugalseg.inference.pool import PoolContext, build_pool, query_size

REGION = {"region": {"size": 8, "stride": 4, "overlap": False}}


@pytest.fixture
def index(prepared: Path) -> pd.DataFrame:
    table = read_index(prepared)
    table.loc[3, ["height", "width", "pixels"]] = [16, 8, 128]  # padded, if `fit` is `pad`
    return table


def test_the_training_images_are_the_pool(index: pd.DataFrame) -> None:
    parts = pd.DataFrame({"image_id": index["image_id"], "part": ["val", "train"] * 12})
    assert training_pool(index, parts)["row"].tolist() == list(range(1, 24, 2))


def test_what_is_left_to_buy(index: pd.DataFrame) -> None:
    ledger = buy_images(empty_ledger(), index, ["i00"], round_=0, part="train")
    ledger = buy_regions(ledger, [("i01", (0, 0, 8, 8))], round_=1, part="train")
    pool, rows = build_pool(index.iloc[:4], ledger, "pad", {})
    assert pool.image_ids == ["i01", "i02", "i03"]
    assert rows.tolist() == [1, 2, 3]
    assert pool.index["pixels"].tolist() == [1024 - 64, 1024, 128]
    assert pool.index[["height", "width"]].to_numpy().tolist() == [[32, 32], [32, 32], [16, 8]]
    assert pool.boxes["i01"] == [(0, 0, 8, 8)]


def test_tags_take_no_image_out_of_the_pool(index: pd.DataFrame) -> None:
    tag = {"round": 0, "image_id": "i00", "part": "train", "unit": "tag", "y": 0, "x": 0}
    ledger = pd.DataFrame([tag | {"height": 32, "width": 32, "pixels": 0}])
    assert build_pool(index.iloc[:2], ledger, "stretch", {})[0].image_ids == ["i00", "i01"]


def test_a_view_knows_what_is_padding(index: pd.DataFrame) -> None:
    ledger = buy_images(empty_ledger(), index, ["i03", "i00"], round_=0, part="train")
    ledger = buy_images(ledger, index, ["i05"], round_=0, part="val")
    context = PoolContext.of(Path(), index, ledger, np.array([4, 3]), "pad", key=(0, "a"))
    assert context.sizes[context.rows].tolist() == [[32, 32], [16, 8]]
    assert context.labeled.tolist() == [0, 3]
    assert context.sizes[context.labeled].tolist() == [[32, 32], [16, 8]]


def test_shares_are_of_images_or_by_region_of_real_pixels(index: pd.DataFrame) -> None:
    images = index.iloc[:4]
    assert query_size(0.5, images, "pad", {}) == QuerySize(2)
    assert query_size(3, images, "pad", {}) == QuerySize(3)
    assert query_size(3, images, "pad", REGION) == QuerySize(3)
    assert query_size(0.5, images, "pad", REGION) == QuerySize((3 * 1024 + 128) / 2, 0, 1)
    assert query_size({"regions": 6, "pixels": None}, images, "pad", REGION) == QuerySize(6)


def test_amounts() -> None:
    assert amount(0.1, 160, "labels") == 16
    assert amount(0.001, 10, "labels") == 1
    assert amount(7, 10, "labels") == 7
    assert amount(10, 10, "labels") == 10
    with pytest.raises(FrugalsegError, match="'labels' asks for 11 images.*training pool has 10"):
        amount(11, 10, "labels")


def test_a_query_larger_than_the_pool_names_its_key(index: pd.DataFrame) -> None:
    with pytest.raises(FrugalsegError, match="'query' asks for 5 images.*training pool has 4"):
        query_size(5, index.iloc[:4], "pad", {})

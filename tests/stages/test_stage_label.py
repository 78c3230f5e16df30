from pathlib import Path

import pandas as pd
import pytest

from frugalseg.errors import FrugalsegError
from frugalseg.stages import label, split
from frugalseg.stages.label import amount


def buy(prepared: Path, out: str, parent: Path | None = None, **settings: object) -> Path:
    folder = prepared.parent
    split.run(prepared, folder / "split.csv", seed=0, test=0.2, validation=0.2)
    given = {"labels": None, "acquire": None, "query": None, "arm": "a", "seed": 0, "round_": 0}
    label.run(prepared, folder / "split.csv", parent, folder / out, **(given | settings))  # type: ignore[arg-type]
    return folder / out


def trained_on(ledger: Path) -> list[str]:
    table = pd.read_csv(ledger)
    return table.loc[table["part"] == "train", "image_id"].tolist()


def test_validation_masks_are_charged(prepared: Path) -> None:
    table = pd.read_csv(buy(prepared, "l.csv", labels=0.2))
    parts = pd.read_csv(prepared.parent / "split.csv")
    validation = set(parts.loc[parts["part"] == "val", "image_id"])
    assert set(table.loc[table["part"] == "val", "image_id"]) == validation
    assert table["pixels"].eq(1024).all()


def test_budgets_are_nested_and_stratified(prepared: Path) -> None:
    ten, half, all_ = (
        trained_on(buy(prepared, f"{share}.csv", labels=share)) for share in (0.15, 0.5, 1.0)
    )
    assert set(ten) < set(half) < set(all_)
    index = pd.read_csv(prepared / "index.csv").set_index("image_id")
    positives = (index.loc[half, "foreground"] > 0).sum()
    assert abs(positives - len(half) / 2) <= 1


def test_a_round_adds_to_its_parent_and_another_arm_draws_otherwise(prepared: Path) -> None:
    first = buy(prepared, "0.csv", labels=0.15)
    chosen = {}
    for arm in "ab":
        query = {"arm": arm, "round_": 1, "acquire": "random", "query": 0.4}
        chosen[arm] = trained_on(buy(prepared, f"{arm}.csv", first, **query))
        assert chosen[arm][: len(trained_on(first))] == trained_on(first)
        assert len(chosen[arm]) == len(set(chosen[arm])) == len(trained_on(first)) + 6
    assert chosen["a"] != chosen["b"]


def test_an_arm_without_acquisition_takes_its_start_as_it_is(prepared: Path) -> None:
    first = buy(prepared, "0.csv", labels=0.15)
    assert buy(prepared, "1.csv", first).read_bytes() == first.read_bytes()


def test_the_last_round_takes_what_is_left_and_then_there_is_nothing(prepared: Path) -> None:
    first = buy(prepared, "0.csv", labels=0.9)
    query = {"acquire": "random", "query": 0.5, "round_": 1}
    everything = buy(prepared, "1.csv", first, **query)
    assert len(trained_on(everything)) == 14
    with pytest.raises(FrugalsegError, match="nothing left to buy: all 14 images"):
        buy(prepared, "2.csv", everything, **(query | {"round_": 2}))


def test_amounts() -> None:
    assert amount(0.1, 160) == 16
    assert amount(0.001, 10) == 1
    assert amount(7, 10) == 7
    with pytest.raises(FrugalsegError, match="11 labels were asked for.*pool has 10 images"):
        amount(11, 10)

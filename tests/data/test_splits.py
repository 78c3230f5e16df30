import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frugalseg.data.splits import linked, split, stratified_order, unlabeled_rows
from frugalseg.errors import FrugalsegError


def table(size: int, **columns: object) -> pd.DataFrame:
    base = {
        "image_id": [f"i{number}" for number in range(size)],
        "split": "",
        "group": "",
        "sha256": [f"h{number}" for number in range(size)],
        "image_label": "0",
        "has_mask": True,
    }
    return pd.DataFrame(base | columns)


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    size = draw(st.integers(12, 40))

    def column(*values: str) -> list[str]:
        return draw(st.lists(st.sampled_from(values), min_size=size, max_size=size))

    return table(
        size,
        group=column("", "", "", "g1", "g2", "g3"),
        sha256=[h or f"u{i}" for i, h in enumerate(column("", "", "", "d"))],
        image_label=column("0", "1", "1+2"),
    )


@settings(max_examples=60, deadline=None)
@given(tables(), st.integers(0, 99))
def test_sides_are_disjoint_and_what_belongs_together_stays_together(
    index: pd.DataFrame, seed: int
) -> None:
    try:
        parts = split(index, test=0.25, validation=0.2, rng=np.random.default_rng(seed))
    except FrugalsegError:
        return  # everything belongs together: there is nothing to split
    assert parts["image_id"].tolist() == index["image_id"].tolist()
    assert set(parts["part"]) == {"train", "val", "test"}
    assert parts["part"].groupby(linked(index)).nunique().max() == 1
    again = split(index, test=0.25, validation=0.2, rng=np.random.default_rng(seed))
    assert parts.equals(again)


def test_groups_and_duplicates_link_transitively() -> None:
    index = table(5, group=["a", "a", "", "b", ""], sha256=["1", "2", "2", "3", "4"])
    numbers = linked(index)
    assert numbers[0] == numbers[1] == numbers[2]
    assert len({numbers[0], numbers[3], numbers[4]}) == 3


def test_official_splits_are_kept_and_images_without_mask_are_unlabeled() -> None:
    index = table(
        10,
        split=["test", "test", "train", "train", "train", "train", "train", "train", "", ""],
        has_mask=[True] * 9 + [False],
    )
    parts = split(index, test=0.5, validation=0.3, rng=np.random.default_rng(0))["part"]
    assert parts[:2].tolist() == ["test", "test"]
    assert (parts == "test").sum() == 2
    assert (parts == "val").sum() == 2  # 30 % of the seven that are left
    assert parts[9] == "unlabeled"


def test_validation_is_stratified() -> None:
    index = table(100, split=["train"] * 90 + ["test"] * 10, image_label=["1"] * 30 + ["0"] * 70)
    parts = split(index, test=0, validation=0.2, rng=np.random.default_rng(1))["part"]
    assert (parts[:30] == "val").sum() == 6
    assert (parts[30:90] == "val").sum() == 12


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=40), st.integers(0, 99))
def test_every_prefix_holds_each_stratum_to_within_one(strata: list[str], seed: int) -> None:
    labels = np.array(strata, object)
    order = stratified_order(labels, np.random.default_rng(seed))
    assert sorted(order.tolist()) == list(range(len(strata)))
    for length in range(1, len(strata) + 1):
        for stratum in set(strata):
            found = (labels[order[:length]] == stratum).sum()
            assert abs(found - length * strata.count(stratum) / len(strata)) <= 1.5


def test_too_few_images_is_a_clear_error() -> None:
    with pytest.raises(FrugalsegError, match="leaves no image for 'train'"):
        split(table(2), test=0.5, validation=0.5, rng=np.random.default_rng(0))


def test_unlabeled_rows_are_what_may_be_seen_and_was_not_bought() -> None:
    group = ["", "", "", "", "a", "a", "b", "b", ""]
    hashes = [f"h{number}" for number in range(8)] + ["h1"]
    index = table(9, group=group, sha256=hashes, row=np.arange(9)[::-1])
    part = ["train", "val", "test", "train", "test", "unlabeled", "unlabeled", "train", "unlabeled"]
    parts = pd.DataFrame({"image_id": index["image_id"], "part": part})
    ledger = pd.DataFrame({"image_id": ["i0", "i3", "i7"], "unit": ["image", "region", "tag"]})
    # i5 is a neighbor of a test image, i8 equals a validation image; i3 and i7 have no whole mask
    names = index.set_index("row")["image_id"]
    assert names.loc[unlabeled_rows(index, parts, ledger).tolist()].tolist() == ["i7", "i6", "i3"]

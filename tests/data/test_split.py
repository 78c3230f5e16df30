from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.split import NO_PAIRS, PARTS, Split, linked, split, unlabeled_rows
from frugalseg.data.strata import tag_and_area


def table(size: int, **columns: object) -> pd.DataFrame:
    base = {
        "image_id": [f"i{number}" for number in range(size)],
        "split": "",
        "group": "",
        "sha256": [f"h{number}" for number in range(size)],
        "image_label": "0",
        "has_mask": True,
        "foreground": 0,
        "pixels": 100,
    }
    return pd.DataFrame(base | columns)


def near(*pairs: tuple[int, int]) -> pd.DataFrame:
    return pd.DataFrame([(f"i{a}", f"i{b}") for a, b in pairs], columns=["image_id", "other_id"])


Case = tuple[pd.DataFrame, pd.DataFrame]


@st.composite
def cases(draw: st.DrawFn, *splits: str) -> Case:
    """Draw an index with groups, equal pixels, missing masks, and near-duplicates in it."""
    size = draw(st.integers(12, 40))

    def column(*values: object) -> list[object]:
        return draw(st.lists(st.sampled_from(values), min_size=size, max_size=size))

    index = table(
        size,
        split=column("", *splits),
        group=column("", "", "", "g1", "g2", "g3"),
        sha256=[h or f"u{i}" for i, h in enumerate(column("", "", "", "d"))],
        image_label=column("0", "1", "1+2"),
        has_mask=column(True, True, True, False),
        foreground=column(0, 1, 10, 20, 50),
    )
    position = st.integers(0, size - 1)
    return index, near(*draw(st.lists(st.tuples(position, position), max_size=4)))


SIDES = {"train": "train", "unlabeled": "train", "val": "val", "test": "test"}


def sides_of_units(index: pd.DataFrame, parts: pd.DataFrame, pairs: pd.DataFrame) -> int:
    """Return on how many sides the most divided unit is; what was dropped is on none."""
    return int(parts["part"].map(SIDES).groupby(linked(index, pairs)).nunique().max())


@settings(max_examples=80, deadline=None)
@given(cases(), st.integers(0, 99))
def test_sides_are_disjoint_and_what_belongs_together_stays_together(case: Case, seed: int) -> None:
    index, pairs = case
    try:
        parts, leaks = drawn(index, seed, pairs=pairs)
    except FrugalsegError:
        return  # everything belongs together: there is nothing to split
    assert parts["image_id"].tolist() == index["image_id"].tolist()
    assert {"train", "val", "test"} <= set(parts["part"]) <= set(PARTS)
    assert sides_of_units(index, parts, pairs) == 1
    labeled = parts["part"].isin(["train", "val", "test"])
    assert labeled.tolist() == index["has_mask"].tolist()  # only unlabeled images are dropped
    assert set(leaks["image_id"]) == set(parts.loc[parts["part"] == "dropped", "image_id"])
    again = drawn(index, seed, pairs=pairs)
    assert parts.equals(again.parts)
    assert leaks.equals(again.leaks)


@settings(max_examples=80, deadline=None)
@given(cases("train", "train", "test", "val", "unlabeled"), st.integers(0, 99))
def test_official_splits_leak_as_told_or_not_at_all(case: Case, seed: int) -> None:
    index, pairs = case
    try:
        kept = drawn(index, seed, pairs=pairs)
        dropped = drawn(index, seed, pairs=pairs, leaks="drop")
    except FrugalsegError:
        return
    assert sides_of_units(index, dropped.parts, pairs) == 1
    official = index["has_mask"] & index["split"].eq("test")
    assert kept.parts.loc[official, "part"].eq("test").all()
    assert dropped.parts.loc[official, "part"].eq("test").all()
    ranks = kept.leaks[["part", "other_part"]].replace(
        {"unlabeled": 0, "train": 0, "val": 1, "test": 2}
    )
    assert (ranks["part"] < ranks["other_part"]).all()
    if sides_of_units(index, kept.parts, pairs) > 1:
        assert len(kept.leaks)
        with pytest.raises(FrugalsegError, match="The official split leaks"):
            drawn(index, seed, pairs=pairs, leaks="fail")


def generators(seed: int) -> dict[str, Any]:
    test, validation = np.random.default_rng(seed).spawn(2)
    return {"test_rng": test, "validation_rng": validation}


def drawn(index: pd.DataFrame, seed: int, **options: Any) -> Split:
    return split(index, test=0.25, validation=0.2, **generators(seed), **options)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["0", "1", "1+2"]), st.integers(0, 99)), min_size=12, max_size=60
    ),
    st.integers(0, 99),
)
def test_drawn_test_split_holds_each_stratum_to_within_one_image(
    images: list[tuple[str, int]], seed: int
) -> None:
    index = table(
        len(images), image_label=[t for t, _ in images], foreground=[f for _, f in images]
    )
    strata = tag_and_area(index, np.arange(len(index)))
    in_test = drawn(index, seed).parts["part"].eq("test").to_numpy()
    assert in_test.sum() == int(0.25 * len(index) + 0.5)
    for stratum in set(strata):
        here = strata == stratum
        assert abs((in_test & here).sum() - here.sum() * in_test.mean()) < 1


def test_groups_and_duplicates_link_transitively() -> None:
    index = table(5, group=["a", "a", "", "b", ""], sha256=["1", "2", "2", "3", "4"])
    numbers = linked(index, NO_PAIRS)
    assert numbers[0] == numbers[1] == numbers[2]
    assert len({numbers[0], numbers[3], numbers[4]}) == 3


def test_official_splits_are_kept_and_images_without_mask_are_unlabeled() -> None:
    index = table(
        10,
        split=["test", "test", "train", "train", "train", "train", "train", "train", "", ""],
        has_mask=[True] * 9 + [False],
    )
    parts = split(index, test=0.5, validation=0.3, **generators(0)).parts["part"]
    assert parts[:2].tolist() == ["test", "test"]
    assert (parts == "test").sum() == 2
    assert (parts == "val").sum() == 2  # 30 % of the seven that are left
    assert parts[9] == "unlabeled"


def test_nothing_that_was_not_paid_for_chooses_validation_images() -> None:
    tagged = table(100, image_label=["1"] * 30 + ["0"] * 70, foreground=[9] * 30 + [0] * 70)
    plain = table(100)
    official = ["train"] * 90 + ["test"] * 10
    parts = [
        split(index.assign(split=official), test=0, validation=0.2, **generators(1)).parts["part"]
        for index in (tagged, plain)
    ]
    assert parts[0].tolist() == parts[1].tolist()
    assert (parts[0] == "val").sum() == 18


def test_too_few_images_is_a_clear_error() -> None:
    with pytest.raises(FrugalsegError, match="leaves no image for 'train'"):
        split(table(2), test=0.5, validation=0.5, **generators(0))


def test_near_duplicates_link_and_unknown_names_do_not_come_up() -> None:
    numbers = linked(table(4), near((0, 2), (2, 3)))
    assert numbers[0] == numbers[2] == numbers[3] != numbers[1]


def test_unlabeled_neighbors_of_drawn_images_are_dropped() -> None:
    """A model may not train on the neighbor of a test slice, unlabeled or not."""
    index = table(
        9,
        group=[f"block{number // 3}" for number in range(9)],
        has_mask=[True, True, False] * 3,
    )
    parts, leaks = drawn(index, 0)
    assert (
        sorted(parts["part"])
        == ["dropped"] * 2 + ["test"] * 2 + ["train"] * 2 + ["unlabeled"] + ["val"] * 2
    )
    assert leaks["reason"].tolist() == ["group", "group"]


def test_a_unit_that_is_too_large_is_left_to_training() -> None:
    index = table(40, group=["source"] * 20 + [""] * 20)
    for seed in range(20):
        parts = drawn(index, seed).parts["part"]
        assert parts[:20].eq("train").all()
        assert parts.eq("test").sum() == 10


def test_the_test_images_do_not_depend_on_the_generator_of_the_validation_images() -> None:
    index = table(40)
    first, other = (
        split(index, test=0.25, validation=0.2, **generators(0) | {"validation_rng": rng}).parts
        for rng in (np.random.default_rng(1), np.random.default_rng(2))
    )
    assert first["part"].eq("test").equals(other["part"].eq("test"))
    assert not first["part"].equals(other["part"])


def test_validation_holds_small_and_large_defects() -> None:
    index = table(60, image_label="1", foreground=np.arange(1, 61))
    for seed in range(10):
        chosen = index.loc[drawn(index, seed).parts["part"].eq("test"), "foreground"]
        assert np.histogram(chosen, [1, 21, 41, 61])[0].tolist() == [5, 5, 5]


def test_unlabeled_rows_are_what_may_be_seen_and_was_not_bought() -> None:
    group = ["", "", "", "", "a", "a", "b", "b", ""]
    hashes = [f"h{number}" for number in range(8)] + ["h1"]
    index = table(9, group=group, sha256=hashes, row=np.arange(9)[::-1])
    part = ["train", "val", "test", "train", "test", "unlabeled", "unlabeled", "train", "unlabeled"]
    parts = pd.DataFrame({"image_id": index["image_id"], "part": part})
    ledger = pd.DataFrame({"image_id": ["i0", "i3", "i7"], "unit": ["image", "region", "tag"]})
    # i5 is a neighbor of a test image, i8 equals a validation image; i3 and i7 have no whole mask
    names = index.set_index("row")["image_id"]
    rows = unlabeled_rows(index, NO_PAIRS, parts, ledger)
    assert names.loc[rows.tolist()].tolist() == ["i7", "i6", "i3"]
    rows = unlabeled_rows(index, near((2, 6)), parts, ledger)  # i6, and i7 of its group
    assert names.loc[rows.tolist()].tolist() == ["i3"]

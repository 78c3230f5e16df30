from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from frugalseg.inference.predictions import (
    LEVELS,
    kept,
    pack,
    read_predictions,
    to_levels,
    unpack,
    write_predictions,
)

MAPS = arrays(
    np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 255)
)


@given(MAPS)
def test_what_is_packed_comes_back(values: np.ndarray) -> None:
    np.testing.assert_array_equal(unpack(pack(values)), values)


@given(MAPS)
def test_values_are_grays_to_whoever_opens_the_picture(values: np.ndarray) -> None:
    shown = np.asarray(Image.open(BytesIO(pack(values))).convert("RGB"))
    np.testing.assert_array_equal(shown, np.repeat(values[..., None], 3, axis=2))


@pytest.mark.parametrize(("highest", "bits"), [(1, 1), (3, 2), (LEVELS - 1, 4), (255, 8)])
def test_no_more_bits_than_needed(highest: int, bits: int) -> None:
    content = pack(np.full((2, 2), highest, np.uint8))
    assert content[24] == bits  # the bit depth of the header


def test_levels_by_hand() -> None:
    # 15 steps of 1/15: 0.7 is 10.5 of them, 0.5 is 7.5, and halves go to the even one
    assert to_levels(np.array([0, 0.5, 0.7, 0.9, 1], np.float32)).tolist() == [0, 8, 10, 14, 15]


def test_the_same_predictions_give_the_same_bytes(tmp_path: Path) -> None:
    pred = np.array([[0, 1], [1, 0]], np.uint8)
    table = pd.DataFrame([kept("a", pred, pred.astype(np.float32))]).assign(round=2)
    for name in ("one", "two"):
        write_predictions(tmp_path / name, table)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    row = read_predictions(tmp_path / "one").iloc[0]
    assert (row["round"], row["image_id"]) == (2, "a")
    assert unpack(row["prob"]).tolist() == [[0, 15], [15, 0]]


def test_nothing_kept_is_a_table_too(tmp_path: Path) -> None:
    write_predictions(tmp_path / "none", pd.DataFrame(columns=["image_id", "pred", "prob"]))
    assert read_predictions(tmp_path / "none").empty

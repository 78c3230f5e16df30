import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import ndimage

from frugalseg.inference.components import Components

CLASSES = ["pit", "crack"]


def gathered(preds: NDArray[np.uint8], cuts: list[int]) -> pd.DataFrame:
    components = Components(CLASSES)
    for band in np.split(preds, cuts):
        if len(band):
            probs = np.full((3, *band.shape), 0.25, np.float32)
            components.add(band, probs)
    return components.table()


def test_two_defects_by_hand() -> None:
    preds = np.array([[1, 0, 0, 0, 2], [0, 1, 0, 0, 2], [0, 0, 0, 0, 0], [0, 0, 0, 0, 1]], np.uint8)
    probs = np.zeros((3, 4, 5), np.float32)
    probs[1, 0, 0], probs[1, 1, 1], probs[2, :2, 4], probs[1, 3, 4] = 0.5, 0.9, 0.75, 1
    components = Components(CLASSES)
    components.add(preds[:1], probs[:, :1])
    components.add(preds[1:], probs[:, 1:])
    found = components.table()
    assert found.drop(columns="probability").to_numpy().tolist() == [
        ["pit", 2, 0, 0, 2, 2],
        ["crack", 2, 0, 4, 2, 1],
        ["pit", 1, 3, 4, 1, 1],
    ]
    np.testing.assert_allclose(found["probability"], [0.7, 0.75, 1.0], atol=1e-6)


def test_arms_that_meet_further_down_are_one() -> None:
    preds = np.array([[1, 0, 1, 0, 1], [1, 0, 1, 0, 1], [1, 1, 1, 1, 1]], np.uint8)
    found = gathered(preds, [1, 2])
    assert found["area"].tolist() == [11]
    assert found[["y", "x", "height", "width"]].to_numpy().tolist() == [[0, 0, 3, 5]]


def test_classes_side_by_side_stay_apart() -> None:
    assert gathered(np.array([[1, 2], [2, 1]], np.uint8), [1])["class"].tolist() == CLASSES


def test_no_defect_is_an_empty_table() -> None:
    found = gathered(np.zeros((3, 3), np.uint8), [1])
    assert len(found) == 0
    assert list(found) == ["class", "area", "y", "x", "height", "width", "probability"]
    both = pd.concat([found, gathered(np.ones((1, 1), np.uint8), [])], ignore_index=True)
    assert both["area"].dtype == np.int64  # or a table of several images would say 1.0 pixels


@settings(deadline=None)
@given(
    arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 9)), elements=st.integers(0, 2)),
    st.lists(st.integers(1, 11), max_size=5, unique=True),
)
def test_bands_give_what_the_whole_image_gives(preds: NDArray[np.uint8], cuts: list[int]) -> None:
    found = gathered(preds, sorted(cuts))
    expected = []
    for number, name in enumerate(CLASSES, 1):
        labels, _ = ndimage.label(preds == number, np.ones((3, 3)))
        for place, (rows, columns) in enumerate(ndimage.find_objects(labels), 1):
            box = rows.start, columns.start, rows.stop - rows.start, columns.stop - columns.start
            expected.append((name, int((labels == place).sum()), *box))
    listed = found.drop(columns="probability").itertuples(index=False, name=None)
    assert sorted(listed) == sorted(expected)

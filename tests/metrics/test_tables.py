import numpy as np

from frugalseg.metrics.calibration import histograms
from frugalseg.metrics.tables import (
    calibration_table,
    confusion_table,
    object_table,
    read_calibration,
    read_confusion,
)


def test_a_calibration_comes_back_from_its_rows_in_any_order() -> None:
    rng = np.random.default_rng(0)
    probs = rng.dirichlet([1, 1], 50).astype(np.float32)
    target = rng.integers(0, 2, 50).astype(np.uint8)
    sums = histograms(probs, target)
    table = calibration_table(np.stack([sums, 2 * sums]), 1.5)
    assert table.groupby("scaling")["temperature"].unique().to_dict() == {
        "none": [1.0],
        "temperature": [1.5],
    }
    found = read_calibration(table.sample(frac=1, random_state=0))
    np.testing.assert_array_equal(found, [sums, 2 * sums])


def test_objects_are_one_row_an_image_and_class() -> None:
    values = np.arange(2 * 2 * 7.0).reshape(2, 2, 7)
    table = object_table(values, ["a", "b"], ["pit", "rust"])
    assert table["image_id"].tolist() == ["a", "a", "b", "b"]
    assert table["class"].tolist() == ["pit", "rust", "pit", "rust"]
    assert table["tp"].tolist() == [0, 7, 14, 21]
    assert table["pred_pixels"].tolist() == [6, 13, 20, 27]


def test_a_confusion_comes_back_from_its_rows_in_any_order() -> None:
    pixels = np.array([[5.0, 1, 0], [2, 3, 1], [0, 0, 4]])
    table = confusion_table(np.stack([pixels, pixels / 2]), "half")
    assert table.iloc[3].tolist() == ["half", 1, 0, 2, 1.0]
    back = read_confusion(table.sample(frac=1, random_state=0))
    assert np.array_equal(back, [pixels, pixels / 2])

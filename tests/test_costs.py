import pandas as pd

from frugalseg.costs import price


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
    spent = price(ledger, mask_seconds=60, region_seconds_per_kilopixel=2, tag_seconds=1)
    assert spent["round"].tolist() == [0, 1, 2]
    assert spent["images"].tolist() == [2, 3, 3]
    assert spent["pixels"].tolist() == [200, 2200, 2200]
    assert spent["seconds"].tolist() == [120.0, 124.0, 125.0]
    assert spent["train_pixels"].tolist() == [100, 2100, 2100]

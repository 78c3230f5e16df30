from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from frugalseg.core.constants import IGNORE
from frugalseg.core.files import write_csv
from frugalseg.data.ledger import empty_ledger
from frugalseg.data.stack import read_index
from frugalseg.data.tags import buy_tags
from frugalseg.models.build import build_model
from frugalseg.models.file import save_model
from frugalseg.settings.tags import PseudoParams
from frugalseg.stages.pseudo import run, threshold_of

MODEL = {
    "arch": "unet", "encoder": "tu-tf_efficientnet_lite0", "decoder_channels": [16, 16, 8, 8, 8],
}  # fmt: skip


def test_masks_lie_inside_their_tags_and_train_comes_before_validation(prepared: Path) -> None:
    index = read_index(prepared)
    ledger = empty_ledger()
    for name, part in (("i01", "val"), ("i02", "train")):
        ledger = buy_tags(
            ledger, index, [name], [(1, 1), (2, 2)],
            lambda row, box: (1,) * (row == 2 and not box[0]), round_=0, part=part,
        )  # fmt: skip
    write_csv(prepared / "labels.csv", ledger)
    card = {"model": MODEL, "classes": ["square"], "channels": 3, "normalize": "imagenet"}
    model = build_model(**MODEL, weights="none", classes=1, channels=3, seed=0)  # type: ignore[arg-type]
    save_model(prepared / "model.safetensors", model, card)
    plain = {"scales": [1.0], "flips": True, "guided": {"radius": 1, "epsilon": 0.01}}
    settings = PseudoParams.model_validate(plain | {"threshold": "otsu", "band": [0.9, 1.0]})
    out = prepared.parent / "pseudo.npy"
    run(prepared, prepared / "labels.csv", prepared / "model.safetensors", out, settings, threads=1)
    masks, listing = np.load(out), pd.read_csv(out.with_suffix(".csv"))
    assert listing["image_id"].tolist() == ["i02", "i01"]
    assert listing["part"].tolist() == ["train", "val"]
    assert masks.dtype == np.uint8
    assert {1, IGNORE} <= set(np.unique(masks[0, :16]))
    assert not masks[0, 16:].any()  # tagged absent
    assert not masks[1].any()
    assert np.isnan(listing["threshold"][1])
    assert listing["foreground"][0] == pytest.approx((masks[0] == 1).mean())


def test_thresholds() -> None:
    maps = np.array([[[0.1, 0.1, 0.8, 0.9]]], np.float32)
    allowed = np.array([[[True, True, True, False]]])
    assert 0.1 < threshold_of(maps, allowed, "otsu") <= 0.8
    assert threshold_of(maps, allowed, 0.3) == 0.3
    assert np.isnan(threshold_of(maps, ~allowed & False, "otsu"))

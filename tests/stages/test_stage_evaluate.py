from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from frugalseg.costs import price
from frugalseg.data.labels import read_ledger
from frugalseg.files import read_json
from frugalseg.stages import evaluate, score

COSTS = {
    "mask_seconds": 60.0,
    "region_seconds_per_kilopixel": 2.0,
    "tag_seconds": 1.0,
    "price_per_hour": 30.0,
}


def evaluated(prepared: Path, model: Path, patch: tuple[int, int] | None = None) -> Path:
    out = prepared.parent / "evaluate"
    evaluate.run(
        prepared,
        prepared.parent / "split.csv",
        {0: model},
        out / "counts.parquet",
        out / "samples.npz",
        samples=4,
        threads=1,
        patch=patch,
    )
    return out


def test_a_center_patch_is_scored_beside_the_whole_image(
    trained: Callable[[str], Path], prepared: Path, ledger: Path
) -> None:
    out = evaluated(prepared, trained("model") / "model.safetensors", (32, 32))
    counts = pd.read_parquet(out / "counts.parquet").drop(columns="round")
    parts = {
        name: part.drop(columns="threshold").reset_index(drop=True)
        for name, part in counts.groupby("threshold")
    }
    # here the patch is the whole image
    pd.testing.assert_frame_equal(parts["validation"], parts["patch"])
    pd.testing.assert_frame_equal(parts["half"], parts["patch_half"])


def test_counts_samples_and_scores_agree(
    trained: Callable[[str], Path], prepared: Path, ledger: Path
) -> None:
    out = evaluated(prepared, trained("model") / "model.safetensors")
    counts = pd.read_parquet(out / "counts.parquet")
    assert len(counts) == 6 * 2  # test images x thresholds
    assert counts[["tp", "fp", "fn", "tn"]].sum(axis=1).eq(1024).all()
    samples = np.load(out / "samples.npz", allow_pickle=False)
    assert samples["preds"].shape == (1, 4, 32, 32)
    at_threshold = counts[counts["threshold"] == "validation"].set_index("image_id")
    for place, name in enumerate(samples["image_ids"]):
        predicted = at_threshold.loc[name, ["tp", "fp"]].sum()
        assert (samples["preds"][0, place] == 1).sum() == predicted

    files = score.RunFiles(
        "initial", 0, out / "counts.parquet", ledger, ledger.with_name("split.csv")
    )
    score.run(prepared, [files], out / "scores.csv", out / "metrics.json", COSTS)
    scores = pd.read_csv(out / "scores.csv")
    chosen = scores.query("threshold == 'validation' and metric == 'dice_pooled'").iloc[0]
    tp, fp, fn = (at_threshold[name].sum() for name in ("tp", "fp", "fn"))
    assert np.isclose(chosen["value"], 2 * tp / (2 * tp + fp + fn))
    assert chosen["all_background"] == 0
    spent = price(read_ledger(ledger), **{k: v for k, v in COSTS.items() if k != "price_per_hour"})
    assert chosen["images"] == spent["images"].iloc[0]
    assert chosen["seconds"] == 60 * chosen["images"]
    assert np.isclose(chosen["fraction"], 5 / 14)
    means = read_json(out / "metrics.json")["initial"]["dice_pooled"]
    assert np.isclose(means["mean"], chosen["value"], atol=1e-6)

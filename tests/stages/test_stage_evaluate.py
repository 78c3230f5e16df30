from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest

from frugalseg.core.costs import price
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json
from frugalseg.data.ledger import read_ledger
from frugalseg.inference.predictions import read_predictions, unpack
from frugalseg.metrics.metric import METRICS
from frugalseg.models.build import build_model
from frugalseg.models.file import save_model
from frugalseg.stages import evaluate, score

COSTS: dict[str, Any] = {
    "mask_seconds": 60.0,
    "region_seconds": 0.0,
    "region_seconds_per_kilopixel": 2.0,
    "tag_seconds": 1.0,
    "price_per_hour": 30.0,
}


def evaluated(
    prepared: Path,
    model: Path,
    ledger: Path,
    passes: int = 1,
    patch: tuple[int, int] | None = None,
    samples: int | Literal["all"] = 4,
) -> Path:
    out = prepared.parent / f"evaluate-{passes}"
    split = prepared.parent / "split.csv"
    evaluate.run(
        prepared, split, [0], [model], [ledger], out,
        key=(0, "a"), samples=samples, passes=passes, threads=1, patch=patch,
    )  # fmt: skip
    return out


def scored(prepared: Path, out: Path, ledger: Path) -> pd.DataFrame:
    split = ledger.with_name("split.csv")
    score.run(
        prepared, [("initial", 0)], [out], [ledger], [split], out, COSTS,
        out / "preregistration.json", contrasts=[{"a": "initial", "b": "full"}], seeds=[0],
        order="holm", design={"alpha": 0.05, "arms": {"initial": "1", "full": "2"}},
    )  # fmt: skip
    return pd.read_csv(out / "scores.csv")


def test_a_center_patch_is_scored_beside_the_whole_image(
    trained: Callable[[str], Path], prepared: Path, ledger: Path
) -> None:
    out = evaluated(prepared, trained("model") / "model.safetensors", ledger, patch=(32, 32))
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
    out = evaluated(prepared, trained("model") / "model.safetensors", ledger)
    counts = pd.read_parquet(out / "counts.parquet")
    assert len(counts) == 6 * 2  # test images x thresholds
    assert counts[["tp", "fp", "fn", "tn"]].sum(axis=1).eq(1024).all()
    samples = read_predictions(out / "predictions.parquet")
    assert len(samples) == 4
    at_threshold = counts[counts["threshold"] == "validation"].set_index("image_id")
    for row in samples.to_dict("records"):
        predicted = at_threshold.loc[row["image_id"], ["tp", "fp"]].sum()
        assert (unpack(row["pred"]) == 1).sum() == predicted
        assert unpack(row["prob"]).shape == (32, 32)

    scores = scored(prepared, out, ledger)
    planned = read_json(out / "preregistration.json")["contrasts"].values()
    assert [entry["before_results"] for entry in planned] == [True]
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


def test_predictions_of_all_test_images_or_of_none(
    trained: Callable[[str], Path], prepared: Path, ledger: Path
) -> None:
    model = trained("model") / "model.safetensors"
    every = evaluated(prepared, model, ledger, samples="all")
    tested = pd.read_parquet(every / "counts.parquet")["image_id"].unique()
    kept = read_predictions(every / "predictions.parquet")
    assert kept["image_id"].tolist() == list(tested)
    none = evaluated(prepared, model, ledger, samples=0)
    assert read_predictions(none / "predictions.parquet").empty


def test_calibration_and_objects_agree_with_the_counts(
    trained: Callable[[str], Path], prepared: Path, ledger: Path
) -> None:
    masks = np.load(prepared / "masks.npy")
    masks[:, :4] = 255  # padding
    np.save(prepared / "masks.npy", masks)
    out = evaluated(prepared, trained("model") / "model.safetensors", ledger)
    calibration = pd.read_parquet(out / "calibration.parquet")
    pixels = calibration.groupby(["round", "scaling", "kind"])["count"].sum()
    assert pixels.to_list() == [6 * 28 * 32] * 4
    half = pd.read_parquet(out / "counts.parquet").query("threshold == 'half'")
    # for two classes the predicted one is that of threshold 0.5
    right = calibration.query("scaling == 'none' and kind == 'top1'")["correct"].sum()
    assert right == half[["tp", "tn"]].to_numpy().sum()
    objects = pd.read_parquet(out / "objects.parquet")
    at_threshold = pd.read_parquet(out / "counts.parquet").query("threshold == 'validation'")
    assert objects["truth_pixels"].tolist() == at_threshold[["tp", "fn"]].sum(axis=1).tolist()
    assert objects["pred_pixels"].tolist() == at_threshold[["tp", "fp"]].sum(axis=1).tolist()

    scores = scored(prepared, out, ledger).query("threshold == 'validation'")
    values = scores.set_index("metric")["value"]
    assert set(values.index) == set(METRICS)
    assert 0 <= values["ece_15"] <= 1
    confusion = pd.read_csv(out / "confusion.csv")
    assert confusion.groupby("threshold")["pixels"].sum().tolist() == [6 * 28 * 32] * 2
    assert values["pixel_accuracy"] == values["accuracy"]  # one class: right is right
    # the temperature was fitted on validation, where it cannot do harm; so little data may differ
    temperatures = set(calibration["temperature"])
    assert len(temperatures) == 2
    assert values["nll_scaled"] != values["nll"]


def save_untrained(file: Path, *, dropout: bool = True, **facts: object) -> Path:
    """Save an untrained model and further facts in its card; return its file."""
    settings: dict[str, Any] = {"arch": "unet", "encoder": "resnet18", "weights": "none"}
    settings |= {"dropout": {"p": 0.5, "where": "decoder"}} if dropout else {}
    model = build_model(**settings, classes=1, channels=3, seed=0)
    card = {"model": settings, "classes": ["square"], "channels": 3, "threshold": 0.5}
    save_model(file, model, card | {"normalize": "unit"} | facts)
    return file


def test_passes_of_a_model_with_dropout_are_averaged(prepared: Path, ledger: Path) -> None:
    files = {
        name: save_untrained(prepared.parent / f"{name}.safetensors", dropout=name == "dropout")
        for name in ("dropout", "plain")
    }
    found = {}
    for name, file in files.items():
        for passes in (1, 2):
            out = evaluated(prepared, file, ledger, passes)
            found[name, passes] = pd.read_parquet(out / "calibration.parquet")
    assert found["plain", 1].equals(found["plain", 2])
    assert found["plain", 1].equals(found["dropout", 1])
    assert not found["dropout", 1].equals(found["dropout", 2])


def test_several_passes_by_sliding_window_are_refused_with_the_keys_to_change(
    prepared: Path, ledger: Path
) -> None:
    window = {"size": [32, 32], "overlap": 0.5}
    model = save_untrained(prepared.parent / "model.safetensors", arm="initial", window=window)
    with pytest.raises(
        FrugalsegError,
        match=r"evaluation\.passes: expected 1 for arm 'initial', .* \(training\.<name>\.window\), "
        r"found 2\. Set it to 1, or remove 'window'",
    ):
        evaluated(prepared, model, ledger, passes=2)
    assert evaluated(prepared, model, ledger, passes=1).is_dir()

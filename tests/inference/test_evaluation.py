import numpy as np
import pandas as pd
import torch

from frugalseg.inference.evaluation import (
    Truth,
    count_patches,
    counts_table,
    evaluate,
    whole_images,
)
from frugalseg.inference.predictions import unpack
from frugalseg.ingest.tiles import cut, tile_id
from frugalseg.metrics.counts import count
from frugalseg.settings.dataset import TileParams


def test_a_batch_by_hand() -> None:
    foreground = torch.tensor([[[0.9, 0.25], [0.6, 1.0]], [[0.0, 0.0], [0.0, 0.7]]])
    probs = torch.stack([1 - foreground, foreground], dim=1)
    masks = np.array([[[1, 0], [0, 255]], [[9, 9], [9, 9]], [[0, 0], [0, 0]]], np.uint8)
    found = evaluate(
        iter([(np.array([0]), probs[:1]), (np.array([2]), probs[1:])]),
        Truth(masks, ["a", "b"], ["defect"]),
        threshold=0.65,
        temperature=2.0,
        samples={2},
    )
    counts = found.counts.query("image_id == 'a'")
    assert counts["threshold"].tolist() == ["validation", "half"]
    assert counts[["tp", "fp", "fn", "tn"]].to_numpy().tolist() == [[1, 0, 0, 2], [1, 1, 0, 1]]
    assert found.predictions["image_id"].tolist() == ["b"]
    assert unpack(found.predictions["pred"][0]).tolist() == [[0, 0], [0, 1]]
    assert unpack(found.predictions["prob"][0])[1].tolist() == [0, round(0.7 * 15)]
    objects = found.objects.set_index("image_id")
    assert objects[["tp", "fp", "fn"]].to_numpy().tolist() == [[1, 0, 0], [0, 1, 0]]
    bins = found.calibration.query("kind == 'foreground' and count > 0")
    raw, tempered = bins.query("scaling == 'none'"), bins.query("scaling == 'temperature'")
    # 0.25, 0.6, 0.7, 0.9 and three zeros; tempered 0.9 is 3 / (3 + 1)
    assert raw["bin"].tolist() == [0, 7, 18, 21, 27]
    assert raw["count"].tolist() == [3, 1, 1, 1, 1]
    assert raw["correct"].tolist() == [0, 0, 0, 0, 1]
    assert tempered["bin"].iloc[-1] == 22
    assert tempered["confidence"].iloc[-1] == np.float32(0.75)


def test_patches_are_counted_at_both_thresholds() -> None:
    masks = np.array([[[1, 0], [1, 0]], [[0, 0], [255, 1]]], np.uint8)
    foreground = torch.tensor([[[0.9, 0.3], [0.3, 0.1]], [[0.0, 0.6], [0.9, 0.3]]])
    probs = torch.stack([1 - foreground, foreground], dim=1)
    counts = count_patches(
        iter([(np.array([0, 1]), probs)]), Truth(masks, ["a", "b"], ["defect"]), 0.2
    ).set_index(["threshold", "image_id"])[["tp", "fp", "fn", "tn"]]
    found = {key: list(row) for key, row in zip(counts.index, counts.to_numpy(), strict=True)}
    assert found == {
        ("patch", "a"): [2, 1, 0, 1],
        ("patch", "b"): [1, 1, 0, 1],
        ("patch_half", "a"): [1, 0, 1, 2],
        ("patch_half", "b"): [0, 1, 1, 1],
    }


def test_counts_of_tiles_are_those_of_the_whole_image() -> None:
    rng = np.random.default_rng(0)
    target, preds = rng.integers(0, 4, (2, 3, 16, 24), dtype=np.uint8)
    tiles, of = [], {}
    for number in range(3):
        for tile in cut(preds[number][..., None], target[number], (8, 10), TileParams(overlap=0.3)):
            name = tile_id(f"i{number}", tile.y, tile.x)
            of[name] = f"i{number}"
            tiles.append((tile.image[..., 0], tile.mask))
    found, known = (np.stack(side) for side in zip(*tiles, strict=True))
    classes = ["a", "b", "c"]
    table = counts_table(count(found, known, 3, 255), list(of), classes, "half")
    expected = counts_table(count(preds, target, 3, 255), ["i0", "i1", "i2"], classes, "half")
    pd.testing.assert_frame_equal(whole_images(table, of), expected, check_dtype=False)

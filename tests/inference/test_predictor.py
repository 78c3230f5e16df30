from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image

from frugalseg.core.errors import FrugalsegError
from frugalseg.data.fit import stack_scale, stretch
from frugalseg.inference.passes import Passes
from frugalseg.inference.predictor import Predictor
from frugalseg.ingest.tiles import cut
from frugalseg.models.build import build_model
from frugalseg.models.file import save_model
from frugalseg.models.predict import to_preds, to_probs
from frugalseg.models.scaling import Scaling
from frugalseg.settings.dataset import TileParams as Cuts

FLEX = {"levels": 2, "filters": 2, "kernels": [3, 3]}
NETWORK = {"arch": "flex_unet", "encoder": None, "weights": "none", "flex": FLEX}
CARD: dict[str, Any] = {
    "model": NETWORK, "classes": ["pit"], "channels": 1, "image_size": [32, 48],
    "normalize": "imagenet", "threshold": 0.3, "window": None, "scale": [1.0, 1.0],
    "levels": {"percentiles": [0.5, 99.5], "value_range": None},
}  # fmt: skip
CPU = torch.device("cpu")


def saved(path: Path, **changes: Any) -> Path:
    model = build_model(**NETWORK, classes=1, channels=1, seed=1)  # type: ignore[arg-type]
    save_model(path, model, CARD | changes)
    return path


def test_a_model_file_is_enough(tmp_path: Path) -> None:
    seen = Predictor.load(saved(tmp_path / "m.safetensors"), CPU)
    assert (seen.classes, seen.channels, seen.threshold) == (["pit"], 1, 0.3)
    assert (seen.tiling.size, seen.tiling.overlap) == ((32, 48), 0.5)
    image = np.random.default_rng(0).integers(0, 256, (32, 48, 1), dtype=np.uint8)
    with torch.inference_mode():
        logits = seen.model(Scaling("imagenet").tensor(image[None], CPU))
    ((preds, probs),) = seen.bands(image)
    np.testing.assert_allclose(probs, to_probs(logits)[0].numpy(), atol=1e-6)
    threshold = float(np.median(probs[1]))
    ((preds, _),) = seen.tuned(threshold=threshold).bands(image)
    assert np.array_equal(preds, to_preds(torch.from_numpy(probs)[None], threshold)[0].numpy())
    assert 0 < preds.mean() < 1


def test_tiles_are_the_window_of_evaluation(tmp_path: Path) -> None:
    window = {"size": [16, 24], "overlap": 0.25}
    seen = Predictor.load(saved(tmp_path / "m.safetensors", window=window), CPU)
    assert (seen.tiling.size, seen.tiling.overlap) == ((16, 24), 0.25)
    other = seen.tuned(tile=(64, 32), overlap=0.0)
    assert (other.tiling.size, other.tiling.overlap, other.threshold) == ((64, 32), 0.0, 0.3)


def test_a_card_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    model = build_model(**NETWORK, classes=1, channels=1, seed=1)  # type: ignore[arg-type]
    save_model(path, model, {key: CARD[key] for key in ("model", "classes", "channels")})
    with pytest.raises(
        FrugalsegError, match="lacks image_size, levels, normalize, scale, threshold; it was"
    ):
        Predictor.load(path, CPU)


def test_an_image_is_seen_at_the_scale_of_training(tmp_path: Path) -> None:
    seen = Predictor.load(saved(tmp_path / "m.safetensors", scale=[0.5, 0.25]), CPU)
    image = np.random.default_rng(0).integers(0, 256, (64, 192, 1), dtype=np.uint8)
    small, _ = stretch(image, None, (32, 48))  # as `prepare` does
    with torch.inference_mode():
        logits = seen.model(Scaling("imagenet").tensor(small[None].copy(), CPU))
    expected = to_probs(logits)[0, 1].numpy()
    found = np.concatenate(list(seen.probs(image)), axis=1)
    assert found.shape == (2, 64, 192)
    large = Image.fromarray(expected).resize((192, 64), Image.Resampling.BILINEAR)
    np.testing.assert_allclose(found[1], np.asarray(large), atol=1e-5)
    whole = np.concatenate(list(seen.tuned(scale=1.0).probs(image)), axis=1)
    assert np.abs(whole[1] - found[1]).max() > 1e-3


def test_an_image_is_cut_into_the_tiles_of_training(tmp_path: Path) -> None:
    """Tiles of the stack and tiles of `predict` show the same pixels, at the same scale."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (8, 12), dtype=np.uint8)
    image = np.asarray(Image.fromarray(coarse).resize((192, 128), Image.Resampling.BICUBIC))
    tiles = list(cut(image[..., None], None, (32, 48), Cuts(scale=0.5)))
    index = pd.DataFrame(
        {
            "source_id": "a", "source_height": 128, "source_width": 192,
            "tile_y": [tile.y for tile in tiles], "tile_x": [tile.x for tile in tiles],
            "height": [tile.height for tile in tiles], "width": [tile.width for tile in tiles],
            "stack_height": 32, "stack_width": 48,
        }
    )  # fmt: skip
    path = saved(tmp_path / "m.safetensors", scale=stack_scale(index, "pad"), normalize="unit")
    seen: list[np.ndarray] = []

    class Seeing(torch.nn.Module):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            seen.extend((images * 255).numpy().transpose(0, 2, 3, 1))
            return images

    found = replace(Predictor.load(path, CPU).tuned(overlap=0.0), model=Seeing())
    assert sum(band.shape[1] for band in found.probs(image[..., None])) == 128
    assert len(seen) == len(tiles) == 4
    for ours, theirs in zip(seen, tiles, strict=True):
        np.testing.assert_allclose(ours, theirs.image, atol=1)


def test_deep_images_come_to_the_levels_of_training(tmp_path: Path) -> None:
    levels = {"percentiles": [0, 100], "value_range": [0, 1000]}
    np.save(tmp_path / "deep.npy", np.array([[0, 500], [1000, 2000]], np.uint16))
    fixed = Predictor.load(saved(tmp_path / "a", levels=levels), CPU)
    rows = np.arange(2)
    assert fixed.open(tmp_path / "deep.npy")[rows][..., 0].tolist() == [[0, 128], [255, 255]]
    free = Predictor.load(saved(tmp_path / "b", levels=levels | {"value_range": None}), CPU)
    assert free.open(tmp_path / "deep.npy")[rows][..., 0].tolist() == [[0, 64], [128, 255]]
    given = free.tuned(value_range=(0, 500))
    assert given.open(tmp_path / "deep.npy")[rows][..., 0].tolist() == [[0, 255], [255, 255]]


@pytest.mark.parametrize("changes", [{"scale": [1]}, {"levels": []}, {"image_size": 32}])
def test_a_damaged_card_is_refused(changes: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(FrugalsegError, match="its card is damaged"):
        Predictor.load(saved(tmp_path / "m.safetensors", **changes), CPU)


def test_maps_hold_what_the_bands_do(tmp_path: Path) -> None:
    seen = Predictor.load(saved(tmp_path / "m.safetensors", scale=[0.5, 0.5]), CPU)
    image = np.random.default_rng(0).integers(0, 256, (100, 130, 1), dtype=np.uint8)
    found = seen.maps(image, Passes(1))
    np.testing.assert_allclose(
        found.probs, np.concatenate(list(seen.probs(image)), axis=1), atol=1e-6
    )
    assert found.expected_entropy.shape == (100, 130)
    assert 0 < found.expected_entropy.max() < np.log(2) + 1e-6

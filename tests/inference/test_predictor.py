from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from frugalseg.errors import FrugalsegError
from frugalseg.inference.predictor import Predictor
from frugalseg.models.build import build_model
from frugalseg.models.file import save_model
from frugalseg.models.predict import to_preds, to_probs
from frugalseg.models.scaling import Scaling

FLEX = {"levels": 2, "filters": 2, "kernels": [3, 3]}
NETWORK = {"arch": "flex_unet", "encoder": None, "weights": "none", "flex": FLEX}
CARD: dict[str, Any] = {
    "model": NETWORK, "classes": ["pit"], "channels": 1, "image_size": [32, 48],
    "normalize": "imagenet", "threshold": 0.3, "window": None,
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
    with pytest.raises(FrugalsegError, match="lacks image_size, normalize, threshold; it was"):
        Predictor.load(path, CPU)

from pathlib import Path

import pandas as pd
import pytest

from frugalseg.models.build import build_model
from frugalseg.models.file import save_model
from frugalseg.settings.tags import PseudoParams
from frugalseg.stages import refine, split

MODEL = {
    "arch": "unet", "encoder": "tu-tf_efficientnet_lite0", "decoder_channels": [16, 16, 8, 8, 8],
}  # fmt: skip


@pytest.mark.parametrize(("threshold", "found"), [(0.0, True), (1.1, False)])
def test_maps_of_the_test_images_are_counted_at_the_median_threshold(
    prepared: Path, threshold: float, found: bool
) -> None:
    folder = prepared.parent
    split.run(prepared, folder / "split.csv", seed=0, test=0.2, validation=0.2)
    card = {"model": MODEL, "classes": ["square"], "channels": 3, "normalize": "imagenet"}
    model = build_model(**MODEL, weights="none", classes=1, channels=3, seed=0)  # type: ignore[arg-type]
    save_model(folder / "model.safetensors", model, card)
    listing = pd.DataFrame({"threshold": [threshold, None, threshold]})
    listing.to_csv(folder / "pseudo.csv", index=False)
    plain = {"scales": [1.0], "flips": False, "guided": None, "threshold": "otsu", "band": [1, 1]}
    refine.run(
        prepared,
        folder / "split.csv",
        folder / "model.safetensors",
        folder / "pseudo.csv",
        folder / "refined.parquet",
        PseudoParams.model_validate(plain),
        threads=1,
    )
    counts = pd.read_parquet(folder / "refined.parquet")
    assert len(counts) == 6
    assert (counts["tp"] + counts["fn"] > 0).sum() == 3
    assert set(counts["threshold"]) == {"refined"}
    predicted = counts["tp"] + counts["fp"]
    assert (predicted == (1024 if found else 0)).all()

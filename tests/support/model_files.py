"""Model files of networks that nobody trained, for what predicts with a file alone."""

from pathlib import Path
from typing import Any

from frugalseg.models.build import build_model
from frugalseg.models.file import save_model

FLEX: dict[str, Any] = {
    "arch": "flex_unet",
    "encoder": None,
    "weights": "none",
    "flex": {"levels": 2, "filters": 2, "kernels": [3, 3]},
}
WITH_DROPOUT: dict[str, Any] = {
    "arch": "unet",
    "encoder": "tu-tf_efficientnet_lite0",
    "weights": "none",
    "decoder_channels": [8, 8, 8, 8, 8],
    "dropout": {"p": 0.5, "where": "head"},
}
CARD: dict[str, Any] = {
    "classes": ["pit", "crack"],
    "channels": 3,
    "image_size": [32, 32],
    "normalize": "unit",
    "threshold": 0.5,
    "window": None,
    "scale": [1.0, 1.0],
    "levels": {"percentiles": [0.5, 99.5], "value_range": None},
}


def write_model(path: Path, network: dict[str, Any] = FLEX, **changes: Any) -> Path:
    """Write a model of `network` and a card with `changes`; return its path."""
    card = CARD | {"model": network} | changes
    model = build_model(**network, classes=len(card["classes"]), channels=card["channels"], seed=1)
    save_model(path, model, card)
    return path

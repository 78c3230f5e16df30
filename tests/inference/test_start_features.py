from pathlib import Path
from typing import Any

import numpy as np
import pytest

from frugalseg.data.stack import read_index
from frugalseg.inference.start_features import image_features, patch_features

START: dict[str, Any] = {
    "model": {
        "arch": "unet",
        "encoder": "tu-tf_efficientnet_lite0",
        "weights": "bundled",
        "decoder_channels": (16, 16, 8, 8, 8),
        "seed": 0,
    },
    "normalize": "imagenet",
}
SIZES = np.full((6, 2), 32)


@pytest.mark.parametrize(("function", "width"), [(image_features, 320), (patch_features, 112)])
def test_vectors_have_length_1_and_belong_to_their_rows(
    prepared: Path, function: Any, width: int
) -> None:
    rows = read_index(prepared)["row"].to_numpy(np.int64)[:6]
    vectors, labeled = function(prepared, rows, SIZES, start=START, threads=1)
    assert vectors.shape == (6, width)
    assert labeled.shape == (0, width)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    back, _ = function(prepared, rows[::-1], SIZES, start=START, threads=1)
    assert np.allclose(back[::-1], vectors, atol=1e-5)

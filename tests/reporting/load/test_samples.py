from pathlib import Path

import numpy as np
import pandas as pd

from frugalseg.core import paths
from frugalseg.inference.predictions import kept, write_predictions
from frugalseg.reporting.load.samples import first_samples


def write(results: Path, arm: str, seed: int, value: int, images: str = "xy") -> None:
    pred = np.full((3, 4), value, np.uint8)
    rows = [kept(name, pred, np.zeros((3, 4), np.float32)) | {"round": 1} for name in images]
    write_predictions(
        paths.in_results(results, paths.PREDICTIONS, arm=arm, seed=seed), pd.DataFrame(rows)
    )


def test_those_of_the_first_seed_that_has_any(tmp_path: Path) -> None:
    write(tmp_path, "a", 3, 5)
    write(tmp_path, "a", 2, 7)
    write(tmp_path, "a", 1, 9, images="")
    found = first_samples(tmp_path, [("a", seed, 0) for seed in (3, 2, 1, 0)] + [("b", 0, 0)])
    assert list(found) == ["a"]
    assert found["a"].image_ids == ("x", "y")
    assert found["a"].rounds == (1,)
    assert found["a"].predictions[1, "y"].mask().tolist() == [[7] * 4] * 3

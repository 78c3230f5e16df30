from pathlib import Path

import numpy as np

from frugalseg.reporting.samples import first_samples


def kept(results: Path, arm: str, seed: int, value: int) -> None:
    path = results / "evaluate" / arm / f"seed-{seed}" / "samples.npz"
    path.parent.mkdir(parents=True)
    preds = np.full((1, 2, 3, 4), value, np.uint8)
    np.savez_compressed(
        path, image_ids=np.array(["x", "y"]), rounds=np.array([1]), preds=preds, probs=preds
    )


def test_those_of_the_first_seed_that_has_any(tmp_path: Path) -> None:
    kept(tmp_path, "a", 2, 5)
    kept(tmp_path, "a", 1, 7)
    found = first_samples(tmp_path, [("a", 2, 0), ("a", 1, 0), ("a", 0, 0), ("b", 0, 0)])
    assert list(found) == ["a"]
    assert found["a"].image_ids == ("x", "y")
    assert found["a"].rounds == (1,)
    assert found["a"].preds.shape == (1, 2, 3, 4)
    assert found["a"].preds.max() == 7

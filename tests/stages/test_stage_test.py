from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from frugalseg.stages import test as stage


def test_the_planned_contrasts_are_written_and_nothing_else(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    rows = [
        (arm, seed, 0, 10, 100, 600.0, 0.5, "validation", "all", "dice", base + rng.normal(0, 0.01))
        for arm, base in (("full", 0.8), ("initial", 0.5))
        for seed in range(5)
    ]
    names = ["arm", "seed", "round", "images", "pixels", "seconds", "fraction", "threshold"]
    scores = pd.DataFrame(rows, columns=[*names, "class", "metric", "value"])
    scores["all_background"] = 0.0
    scores.to_csv(tmp_path / "scores.csv", index=False)
    given = {"metric": "dice", "at": "final", "claim": "superior", "margin": 0.0}
    for name in "ab":
        stage.run(
            tmp_path / "scores.csv",
            tmp_path / f"contrasts-{name}.csv",
            tmp_path / f"curve-{name}.csv",
            contrasts=[{"a": "full", "b": "initial", **given}],
            seeds=[0, 1, 2, 3, 4],
            alpha=0.05,
            confidence=0.95,
            resamples=500,
            seed=0,
        )
    table = pd.read_csv(tmp_path / "contrasts-a.csv")
    assert len(table) == 1
    assert table["difference"].iloc[0] == pytest.approx(0.3, abs=0.03)
    assert table["verdict"].iloc[0] == "shown"
    curve = pd.read_csv(tmp_path / "curve-a.csv")
    assert curve["arm"].tolist() == ["full", "initial"]
    for kind in ("contrasts", "curve"):
        one, two = (tmp_path / f"{kind}-{name}.csv" for name in "ab")
        assert one.read_bytes() == two.read_bytes()

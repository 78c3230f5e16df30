from pathlib import Path

import pandas as pd

from frugalseg.stages.ladder import run


def test_every_step_stands_in_its_order(tmp_path: Path) -> None:
    scores = pd.DataFrame(
        [
            (arm, 0, round_, threshold, "all", "dice", value)
            for arm, round_, threshold, value in (
                ("second", 0, "validation", 0.7),
                ("weak", 0, "validation", 0.1),
                ("weak", 1, "validation", 0.3),
                ("weak", 1, "half", 0.9),
                ("first", 0, "validation", 0.5),
            )
        ],
        columns=["arm", "seed", "round", "threshold", "class", "metric", "value"],
    )
    scores.to_csv(tmp_path / "scores.csv", index=False)
    counts = {
        "image_id": ["a"],
        "class": "crack",
        "threshold": "refined",
        "fp": 1,
        "fn": 1,
        "tn": 0,
    }
    refined = {}
    for arm, hits in (("first", 1), ("second", 3)):
        pd.DataFrame(counts | {"tp": hits}).to_parquet(tmp_path / f"{arm}.parquet")
        refined[arm, 0] = tmp_path / f"{arm}.parquet"
    out = tmp_path / "ladder.csv"
    run(tmp_path / "scores.csv", [["weak", "first", "second"]], refined, out)
    found = pd.read_csv(out).query("metric == 'dice'")
    assert found["arm"].tolist() == ["weak", "first", "first", "second", "second"]
    assert found["kind"].tolist() == ["model", "maps", "model", "maps", "model"]
    assert found["value"].tolist() == [0.3, 0.5, 0.5, 0.75, 0.7]
    assert set(found["ladder"]) == {"second"}

from pathlib import Path

import pandas as pd

from frugalseg.core.files import write_csv
from frugalseg.data.ledger import empty_ledger
from frugalseg.data.tags import buy_tags
from frugalseg.stages.shortcut import run

INDEX = pd.DataFrame(
    {"row": [0, 1], "image_id": ["road_1", "wall_1"], "stack_height": 4, "stack_width": 4}
)


def test_tags_by_source_and_by_the_last_round_of_the_model(tmp_path: Path) -> None:
    ledger = buy_tags(
        empty_ledger(), INDEX, ["road_1", "wall_1"], [(1, 1), (2, 2)],
        lambda row, box: (1,) * (row == 0 and box[0] == 0), round_=0, part="train",
    )  # fmt: skip
    write_csv(tmp_path / "labels.csv", ledger)
    rows = [
        (0, "road_2", 0, 0, 9), (0, "wall_2", 0, 0, 0),
        (1, "road_2", 5, 0, 0), (1, "wall_2", 0, 2, 0),
    ]  # fmt: skip
    counts = pd.DataFrame(rows, columns=["round", "image_id", "tp", "fp", "fn"])
    counts.assign(threshold="validation").to_parquet(tmp_path / "counts.parquet")
    counts_file, ledger_file = tmp_path / "counts.parquet", tmp_path / "labels.csv"
    run([("weak", 0)], [counts_file], [ledger_file], "([a-z]+)_", tmp_path / "shortcut.csv")
    found = pd.read_csv(tmp_path / "shortcut.csv").iloc[0]
    assert found["source"] == 1.0
    assert found["majority"] == 0.5
    assert found["model"] == 0.5
    assert found["agreement"] == 0.5

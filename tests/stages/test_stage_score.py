from pathlib import Path

import pytest

from frugalseg.stages import score


def test_files_of_runs_are_put_together_as_a_rule_names_them() -> None:
    named = [["a/counts.parquet", "b/counts.parquet"], ["a.csv", "b.csv"], ["0.csv", "1.csv"]]
    assert score.RunFiles.of([("full", 0), ("full", 1)], *named) == [
        score.RunFiles("full", 0, Path("a"), Path("a.csv"), Path("0.csv")),
        score.RunFiles("full", 1, Path("b"), Path("b.csv"), Path("1.csv")),
    ]
    with pytest.raises(ValueError, match="shorter"):
        score.RunFiles.of([("full", 0), ("full", 1)], named[0], named[1], ["0.csv"])

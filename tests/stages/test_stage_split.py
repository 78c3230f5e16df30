from pathlib import Path

import pandas as pd

from frugalseg.stages import split


def test_seeds_draw_other_splits_and_the_same_seed_the_same(prepared: Path) -> None:
    files = {}
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        split.run(prepared, prepared.parent / name, seed=seed, test=0.2, validation=0.25)
        files[name] = (prepared.parent / name).read_bytes()
    assert files["a"] == files["b"] != files["c"]
    parts = pd.read_csv(prepared.parent / "a")
    assert parts.loc[18:, "part"].eq("test").all()  # the official ones
    assert (parts["part"] == "val").sum() in (4, 5)  # a quarter of 18

from pathlib import Path

import pandas as pd
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import write_csv
from frugalseg.data.stack import read_duplicates
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


def test_all_seeds_share_the_test_images(prepared: Path) -> None:
    index = pd.read_csv(prepared / "index.csv", keep_default_na=False)
    write_csv(prepared / "index.csv", index.assign(split=""))
    parts = []
    for seed in (0, 1):
        split.run(prepared, prepared.parent / "split.csv", seed=seed, test=0.2, validation=0.25)
        parts.append(pd.read_csv(prepared.parent / "split.csv")["part"])
    assert parts[0].eq("test").equals(parts[1].eq("test"))
    assert not parts[0].equals(parts[1])


def test_leaks_are_told_beside_the_split_and_follow_the_policy(prepared: Path) -> None:
    pairs = read_duplicates(prepared)
    across = {"image_id": "i03", "other_id": "i20", "kind": "near", "distance": 4}
    pairs = pd.DataFrame([across | {"same_mask": "True"}], columns=pairs.columns)
    write_csv(prepared / "duplicates.csv", pairs)
    out, options = prepared.parent / "seed-3.csv", {"seed": 3, "test": 0.2, "validation": 0.25}
    told = {}
    for policy in ("keep", "drop"):
        split.run(prepared, out, **options, leaks=policy)  # type: ignore[arg-type]
        leaks = pd.read_csv(out.with_name("leaks-seed-3.csv")).to_numpy().tolist()
        told[policy] = (leaks, pd.read_csv(out)["part"][3])
    leak, part = told["keep"]
    assert leak == [["i03", part, "i20", "test", "near"]]
    assert part in ("train", "val")
    assert told["drop"] == ([["i03", "train", "i20", "test", "near"]], "dropped")
    with pytest.raises(FrugalsegError, match=r"i03 \(train\) and i20 \(test\): near"):
        split.run(prepared, out, **options, leaks="fail")  # type: ignore[arg-type]

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from frugalseg.data.split import NO_PAIRS
from frugalseg.params.registration import keep_registration
from frugalseg.settings.study import ContrastParams
from frugalseg.stages import test as stage
from frugalseg.statistics.preregistration import Design, digest_of

ARMS = {"full": (0, 0.8), "initial": (0, 0.5), "random": (1, 0.6)}
SEEDS = range(5)
PLANNED = {"metric": "dice", "at": "final", "claim": "superior", "margin": 0.0}
DESIGN: dict[str, Any] = {"alpha": 0.05, "arms": {"full": "1", "initial": "2", "random": "3"}}
CARD = {"images_sha256": "images", "masks_sha256": "masks"}
REGISTERED = Design(**DESIGN, data=digest_of(["images", "masks"]))
TABLES = {
    *("contrasts", "curve", "budgets", "goal", "ranking", "pairs", "new_images", "plans"),
    *("costs", "forecast", "targets"),
}


def make_scores() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    fractions = {"full": 1.0, "initial": 0.1, "random": 0.2}
    rows = [
        (arm, seed, number, 10, 100, 600.0, fractions[arm], "validation", "all", "dice",
         base + rng.normal(0, 0.01))
        for arm, (number, base) in ARMS.items()
        for seed in SEEDS
    ]  # fmt: skip
    names = ["arm", "seed", "round", "images", "pixels", "seconds", "fraction", "threshold"]
    return pd.DataFrame(rows, columns=[*names, "class", "metric", "value"])


def make_counts(folder: Path, classes: Sequence[str] = ("defect",)) -> dict[tuple[str, int], Path]:
    """Counts of one image more than two rounds have, so that the last has to be chosen."""
    files = {}
    for arm, (number, base) in ARMS.items():
        for seed in SEEDS:
            rows = [
                (round_, f"i{image}", name, threshold, round(100 * base) + image + seed, 9, 5, 800)
                for round_ in {0, number}
                for image in range(6)
                for name in classes
                for threshold in ("validation", "half")
            ]
            names = ["round", "image_id", "class", "threshold", "tp", "fp", "fn", "tn"]
            files[arm, seed] = folder / f"{arm}-{seed}.parquet"
            pd.DataFrame(rows, columns=names).to_parquet(files[arm, seed], index=False)
    return files


def write_index(folder: Path, **columns: Any) -> None:
    index = pd.DataFrame({"image_id": [f"i{image}" for image in range(6)], "group": ""})
    index = index.assign(split="", image_label="", sha256=index["image_id"], phash="")
    index.assign(foreground=5, **columns).to_csv(folder / "index.csv", index=False)
    NO_PAIRS.to_csv(folder / "duplicates.csv", index=False)


def run(folder: Path, out: Path, pairs: Sequence[tuple[str, str]], **changes: Any) -> None:
    make_scores().to_csv(folder / "scores.csv", index=False)
    write_index(folder)
    (folder / "card.json").write_text(json.dumps(CARD))
    record = folder / "run.json"
    record.write_text(json.dumps({"arm": "full", "seed": 0, "seconds": 1800.0, "threads": 2}))
    given = {"starts": {"random": "initial"}, "metric": "dice", "goal": 0.95, "alpha": 0.05}
    given |= {"order": "holm", "design": DESIGN}
    given |= {"curves": {"random": ["full", "initial", "random"]}}
    stage.run(
        folder / "scores.csv",
        folder,
        make_counts(folder),
        [record],
        folder / "preregistration.json",
        out,
        contrasts=[{"a": a, "b": b, **PLANNED} for a, b in pairs],
        seeds=list(SEEDS),
        seeds_of=dict.fromkeys(ARMS, len(SEEDS)),
        **{**given, "confidence": 0.95, "resamples": 200, "seed": 0, **changes},
    )


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("test")
    keep_registration(
        folder / "preregistration.json",
        [ContrastParams(a="full", b="initial")],
        SEEDS,
        "holm",
        REGISTERED,
    )
    for name in ("one", "two"):
        run(folder, folder / name, [("full", "initial"), ("random", "initial")])
    first, second = (sorted((folder / name).glob("*.csv")) for name in ("one", "two"))
    for one, two in zip(first, second, strict=True):
        assert one.read_bytes() == two.read_bytes()
    return {path.stem: pd.read_csv(path) for path in first}


def test_the_planned_contrasts_are_written_and_nothing_else(
    tables: dict[str, pd.DataFrame],
) -> None:
    assert set(tables) == TABLES
    table = tables["contrasts"]
    assert table[["a", "b"]].to_numpy().tolist() == [["full", "initial"], ["random", "initial"]]
    assert table["difference"].iloc[0] == pytest.approx(0.3, abs=0.03)
    assert table["verdict"].iloc[0] == "better"
    assert tables["curve"]["arm"].tolist() == ["full", "initial", "random"]


def test_what_was_added_after_results_is_exploratory(tables: dict[str, pd.DataFrame]) -> None:
    assert tables["contrasts"]["standing"].tolist() == ["confirmatory", "exploratory"]


def test_an_order_that_changed_after_results_makes_all_exploratory(tmp_path: Path) -> None:
    pairs = [("full", "initial"), ("random", "initial")]
    contrasts = [ContrastParams(a=a, b=b) for a, b in pairs]
    keep_registration(tmp_path / "preregistration.json", contrasts, SEEDS, "fixed", REGISTERED)
    for order, expected in (("fixed", "confirmatory"), ("holm", "exploratory")):
        run(tmp_path, tmp_path / order, pairs, order=order)
        table = pd.read_csv(tmp_path / order / "contrasts.csv", keep_default_na=False)
        assert table["standing"].tolist() == [expected] * 2
    assert table["order_changed"].tolist() == ["order: fixed, now holm"] * 2


def test_an_arm_that_changed_after_results_makes_its_contrasts_exploratory(tmp_path: Path) -> None:
    pairs = [("full", "initial"), ("random", "initial")]
    contrasts = [ContrastParams(a=a, b=b) for a, b in pairs]
    keep_registration(tmp_path / "preregistration.json", contrasts, SEEDS, "holm", REGISTERED)
    longer = DESIGN | {"arms": {"full": "1", "initial": "2", "random": "4"}}
    run(tmp_path, tmp_path / "out", pairs, design=longer)
    table = pd.read_csv(tmp_path / "out" / "contrasts.csv", keep_default_na=False)
    assert table["standing"].tolist() == ["confirmatory", "exploratory"]
    assert table["changed"].tolist() == ["", "arm random"]
    run(tmp_path, tmp_path / "out", pairs, design=DESIGN | {"alpha": 0.1}, alpha=0.1)
    table = pd.read_csv(tmp_path / "out" / "contrasts.csv", keep_default_na=False)
    assert table["standing"].tolist() == ["exploratory"] * 2


def test_all_arms_are_ranked(tables: dict[str, pd.DataFrame]) -> None:
    assert tables["ranking"]["arm"].tolist() == ["full", "random", "initial"]
    assert len(tables["pairs"]) == 3


def test_the_last_round_is_looked_at_image_by_image(tables: dict[str, pd.DataFrame]) -> None:
    row = tables["new_images"].iloc[0]
    # image i, seed s: Dice 2 (80 + i + s) / (2 (80 + i + s) + 14), and with 50 for 80
    grid = np.add.outer(np.arange(5), np.arange(6))
    expected = np.mean((80 + grid) / (87 + grid) - (50 + grid) / (57 + grid))
    assert row["difference"] == pytest.approx(expected, abs=1e-9)
    assert row["new_low"] < expected < row["new_high"]
    assert (row["n"], row["images"], row["groups"]) == (5, 6, 6)


def test_the_goal_is_a_share_of_the_arm_with_every_label(tables: dict[str, pd.DataFrame]) -> None:
    reached = tables["goal"].set_index(["arm", "seed"])["reached"]
    assert not reached[("random", 0)]
    assert reached[("full", 0)]


def test_a_further_seed_has_its_price(tables: dict[str, pd.DataFrame]) -> None:
    assert tables["costs"].to_numpy().tolist() == [["full", 1.0], ["all", 1.0]]


def test_nothing_planned_and_no_record_give_empty_tables(tmp_path: Path) -> None:
    run(tmp_path, tmp_path / "out", [])
    for name in ("contrasts", "budgets", "new_images", "plans"):
        assert pd.read_csv(tmp_path / "out" / f"{name}.csv").empty
    run(tmp_path, tmp_path / "out", [("full", "initial")])
    assert pd.read_csv(tmp_path / "out" / "contrasts.csv")["standing"].tolist() == ["unknown"]


def test_several_classes_are_left_out_together(tmp_path: Path) -> None:
    planned = [ContrastParams(a="full", b="initial", metric="miou_foreground")]
    one, two = (
        stage.left_out(make_counts(tmp_path, classes), planned, {f"i{i}": "" for i in range(6)})
        for classes in (["pit"], ["pit", "crack"])
    )
    assert set(one["arm"]) == {"full", "initial"}
    pd.testing.assert_frame_equal(one, two)  # both classes have the same counts


def test_tiles_groups_and_duplicates_count_once() -> None:
    index = pd.DataFrame({"image_id": list("ijkl"), "group": ["", "part", "part", ""]})
    index["sha256"] = index["image_id"]
    assert stage.groups(index, NO_PAIRS) == {"i": "i", "j": "j", "k": "j", "l": "l"}
    near = pd.DataFrame({"image_id": ["i"], "other_id": ["l"]})
    assert stage.groups(index, near) == {"i": "i", "j": "j", "k": "j", "l": "i"}
    tiles = pd.DataFrame({"image_id": ["i-0", "i-1", "j-0"], "source_id": ["i", "i", "j"]})
    tiles = tiles.assign(group=tiles["source_id"], sha256=tiles["image_id"])
    near = pd.DataFrame({"image_id": ["i-0"], "other_id": ["j-0"]})
    assert stage.groups(tiles, near) == {"i": "i", "j": "i"}

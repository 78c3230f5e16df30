import numpy as np
import pandas as pd
import pytest

from frugalseg.settings.study import ContrastParams, StatisticsParams
from frugalseg.statistics.bootstrap import bootstrap_difference, dice_sums, resample_scores
from frugalseg.statistics.mixed import fit_mixed
from frugalseg.statistics.sensitivity import COLUMNS, sensitivity_table

RNG = np.random.default_rng


def counts_of(shift: int, seeds: int = 4, images: int = 12) -> dict[int, pd.DataFrame]:
    """Counts of an arm that finds `shift` pixels more of 100 in every image."""
    tables = {}
    for seed in range(seeds):
        rng = RNG(seed)
        tp = rng.integers(40, 80, size=images) + shift + rng.integers(0, 5, size=images)
        names = [f"i{number}" for number in range(images)]
        tables[seed] = pd.DataFrame({"image_id": names, "tp": tp, "fp": 10, "fn": 100 - tp})
    return tables


COUNTS = {"a": counts_of(10), "b": counts_of(0), "c": counts_of(5, seeds=3)}


def table(contrasts: list[ContrastParams], counts: dict[str, dict[int, pd.DataFrame]] = COUNTS,
          seed: int = 0) -> pd.DataFrame:  # fmt: skip
    return sensitivity_table(counts, contrasts, StatisticsParams(resamples=300), rng=RNG(seed))


def test_the_row_joins_the_bootstrap_and_the_mixed_model() -> None:
    row = table([ContrastParams(a="a", b="b")]).iloc[0]
    sums = dice_sums({"a": COUNTS["a"], "b": COUNTS["b"]})
    children = RNG(0).spawn(3)
    scores = resample_scores(sums, children[0], resamples=300)
    assert (row["boot_low"], row["boot_high"]) == bootstrap_difference(scores, sums, "a", "b")
    per_image = [
        2 * COUNTS["a"][s]["tp"] / (110 + COUNTS["a"][s]["tp"])
        - 2 * COUNTS["b"][s]["tp"] / (110 + COUNTS["b"][s]["tp"])
        for s in range(4)
    ]
    long = pd.concat(
        pd.DataFrame({"seed": s, "image_id": COUNTS["a"][s]["image_id"], "difference": values})
        for s, values in enumerate(per_image)
    )
    fit = fit_mixed(long, children[2])
    assert row["difference"] == pytest.approx(long["difference"].mean(), abs=1e-12)
    assert row["mixed_mean"] == pytest.approx(fit.mean, abs=1e-8)
    assert row["mixed_high"] - row["mixed_mean"] == pytest.approx(1.959964 * fit.error, rel=1e-5)
    assert (row["n"], row["seeds"], row["images"], row["missing"]) == (4, 4, 12, "")


def test_a_seed_that_one_arm_lacks_is_named() -> None:
    row = table([ContrastParams(a="a", b="c")]).iloc[0]
    assert row["n"] == 3
    assert row["missing"] == "seed 3: no counts of c"


def test_a_pooled_ratio_has_no_mixed_model() -> None:
    row = table([ContrastParams(a="a", b="b", metric="dice_pooled")]).iloc[0]
    assert row["boot_low"] > 0
    assert np.isnan(row["mixed_mean"])
    assert "no value of an image" in row["note"]


@pytest.mark.parametrize(
    ("contrast", "counts", "note"),
    [
        (
            ContrastParams(a="a", b="b", metric="recall"),
            COUNTS,
            "the final dice and dice_pooled only",
        ),
        (ContrastParams(a="a", b="b", at=0.2), COUNTS, "the final dice and dice_pooled only"),
        (ContrastParams(a="a", b="b"), {}, "no counts of one class"),
    ],
)
def test_what_is_not_worked_out_says_so(
    contrast: ContrastParams, counts: dict[str, dict[int, pd.DataFrame]], note: str
) -> None:
    row = table([contrast], counts).iloc[0]
    assert row["n"] == 0
    assert note in row["note"]
    assert np.isnan([row["difference"], row["boot_low"], row["p_mixed"]]).all()


def test_one_seed_has_no_mixed_model() -> None:
    one = {arm: {0: by_seed[0]} for arm, by_seed in COUNTS.items()}
    row = table([ContrastParams(a="a", b="b")], one).iloc[0]
    assert "two seeds" in row["note"]
    assert np.isnan(row["p_mixed"])


def test_the_same_generator_gives_the_same_table() -> None:
    chosen = [ContrastParams(a="a", b="b"), ContrastParams(a="a", b="b", metric="dice_pooled")]
    assert table(chosen).to_csv() == table(chosen).to_csv() != table(chosen, seed=1).to_csv()


def test_nothing_planned_is_an_empty_table() -> None:
    found = table([])
    assert found.empty
    assert tuple(found.columns) == COLUMNS

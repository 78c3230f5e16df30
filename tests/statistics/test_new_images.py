from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.crossed import crossed_interval
from frugalseg.statistics.new_images import COLUMNS, LEFT_OUT, new_image_table

Values = Mapping[str, np.ndarray]
RNG = np.random.default_rng(0)
VALUES = {"a": RNG.normal(0.7, 0.1, (4, 12)), "b": RNG.normal(0.6, 0.1, (4, 12))}
CONTRAST = ContrastParams(a="a", b="b")


def means(values: Values, metric: str = "dice") -> pd.DataFrame:
    """Scores that are means over images, and those without each image."""
    rows = [
        (arm, metric, seed, f"i{image:02}", 1, of_seed.mean(), np.delete(of_seed, image).mean())
        for arm, of_arm in values.items()
        for seed, of_seed in enumerate(of_arm)
        for image in range(of_seed.size)
    ]
    return pd.DataFrame(rows, columns=list(LEFT_OUT))


def row_of(left_out: pd.DataFrame, contrast: ContrastParams = CONTRAST) -> pd.Series:
    return new_image_table(left_out, [contrast]).iloc[0]


def test_a_mean_over_images_gives_back_their_values() -> None:
    row = row_of(means(VALUES))
    expected = crossed_interval(VALUES["a"] - VALUES["b"])
    np.testing.assert_allclose([row["new_low"], row["new_high"]], expected.interval, rtol=1e-9)
    parts = [row["seed_sd"], row["image_sd"], row["rest_sd"]]
    np.testing.assert_allclose(np.array(parts, float), expected[1:], rtol=1e-6, atol=1e-9)
    assert row["difference"] == pytest.approx((VALUES["a"] - VALUES["b"]).mean())
    assert (row["n"], row["images"], row["groups"], row["note"]) == (4, 12, 12, "")


def test_images_that_move_nothing_do_not_count() -> None:
    table = means(VALUES)
    idle = table[table["group"] == "i00"].assign(group="idle")
    row = row_of(pd.concat([table, idle.assign(without=idle["score"])]))
    expected = crossed_interval(VALUES["a"] - VALUES["b"]).interval
    np.testing.assert_allclose([row["new_low"], row["new_high"]], expected, rtol=1e-9)
    assert (row["images"], row["groups"]) == (13, 12)


def test_a_seed_that_one_arm_lacks_is_named() -> None:
    row = row_of(means({**VALUES, "b": VALUES["b"][:3]}))
    assert (row["n"], row["missing"]) == (3, "seed 3: no score")
    expected = crossed_interval(VALUES["a"][:3] - VALUES["b"][:3]).interval
    np.testing.assert_allclose([row["new_low"], row["new_high"]], expected, rtol=1e-9)


def test_images_that_differ_between_seeds_have_no_interval() -> None:
    table = means(VALUES)
    table.loc[table["seed"] == 2, "group"] += "x"
    row = row_of(table)
    assert "the seeds have different test images" in row["note"]
    assert np.isnan(row["new_low"])
    assert row["difference"] == pytest.approx((VALUES["a"] - VALUES["b"]).mean())


def undefined_without_one() -> pd.DataFrame:
    table = means(VALUES)
    return table.assign(without=table["without"].where(table["group"] != "i03"))


@pytest.mark.parametrize(
    ("left_out", "contrast", "note"),
    [
        (means(VALUES), ContrastParams(a="a", b="b", metric="ece_15"), "counted image by image"),
        (means(VALUES), ContrastParams(a="a", b="b", at=0.2), "only for the last round"),
        (pd.DataFrame(columns=list(LEFT_OUT)), CONTRAST, "counted image by image"),
        (means({arm: v[:1] for arm, v in VALUES.items()}), CONTRAST, "needs two seeds"),
        (means({"a": VALUES["a"]}).assign(arm="b"), ContrastParams(a="b", b="c"), "counted image"),
        (means(VALUES).assign(score=np.nan), CONTRAST, "no seed has a score of both"),
        (undefined_without_one(), CONTRAST, "undefined without some test images"),
        (
            means({"a": VALUES["a"], "b": VALUES["a"]}),
            CONTRAST,
            "all values are the same",
        ),
    ],
)
def test_what_has_no_interval_says_so(
    left_out: pd.DataFrame, contrast: ContrastParams, note: str
) -> None:
    row = row_of(left_out, contrast)
    assert note in row["note"]
    assert np.isnan([row["new_low"], row["seed_sd"]]).all()


def test_nothing_planned_is_an_empty_table() -> None:
    table = new_image_table(means(VALUES), [])
    assert table.empty
    assert tuple(table.columns) == COLUMNS

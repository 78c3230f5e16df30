import numpy as np
import pandas as pd
import pytest

from frugalseg.core.errors import FrugalsegError
from frugalseg.statistics.bootstrap import (
    Sums,
    bootstrap_difference,
    dice_sums,
    image_differences,
    observed_scores,
    resample_scores,
)


def counts(*rows: tuple[str, int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["image_id", "tp", "fp", "fn"])


A0 = counts(("i", 4, 0, 2), ("j", 0, 3, 0), ("k", 1, 1, 1))
B0 = counts(("k", 0, 0, 2), ("j", 0, 0, 0), ("i", 6, 0, 0))


def random_sums(seeds: int, images: int, arms: int, rng: np.random.Generator) -> Sums:
    names = tuple("abcdefgh"[:arms])
    scores = tuple(
        rng.normal(0.6, 0.1) + rng.normal(0, 0.2, size=(images, arms)) for _ in range(seeds)
    )
    ones = tuple(np.ones((images, arms)) for _ in range(seeds))
    ids = tuple(np.arange(images).astype(object) for _ in range(seeds))
    return Sums(tuple(range(seeds)), names, ids, scores, ones)


def plain_loop(sums: Sums, rng: np.random.Generator, resamples: int) -> np.ndarray:
    """The definition, one draw at a time."""
    seeds = len(sums.seeds)
    scores = np.empty((resamples, len(sums.arms)))
    for number in range(resamples):
        drawn = []
        for seed in rng.integers(0, seeds, size=seeds):
            images = sums.numerators[seed].shape[0]
            rows = rng.integers(0, images, size=images)
            top, bottom = sums.numerators[seed][rows], sums.denominators[seed][rows]
            drawn.append(top.sum(axis=0) / bottom.sum(axis=0))
        scores[number] = np.mean(drawn, axis=0)
    return scores


def test_dice_over_positive_images_by_hand() -> None:
    scores = observed_scores(dice_sums({"a": {0: A0}, "b": {0: B0}}))
    # a: i 8/10, k 2/4; b: i 1, k 0; j holds nothing and does not count
    np.testing.assert_allclose(scores, [[(0.8 + 0.5) / 2, 0.5]])


def test_pooled_dice_by_hand() -> None:
    scores = observed_scores(dice_sums({"a": {0: A0}, "b": {0: B0}}, kind="dice_pooled"))
    np.testing.assert_allclose(scores, [[2 * 5 / (2 * 5 + 4 + 3), 12 / 14]])


def test_differences_per_image() -> None:
    table = image_differences(dice_sums({"a": {7: A0}, "b": {7: B0}}), "a", "b")
    assert table["seed"].tolist() == [7, 7]
    assert table["image_id"].tolist() == ["i", "k"]
    np.testing.assert_allclose(table["difference"], [-0.2, 0.5])


def test_the_same_law_as_a_plain_loop() -> None:
    sums = random_sums(6, 15, 2, np.random.default_rng(0))
    fast = resample_scores(sums, np.random.default_rng(1), resamples=20_000)
    slow = plain_loop(sums, np.random.default_rng(2), 4_000)
    error = slow.std(axis=0) / np.sqrt(4_000)
    np.testing.assert_allclose(fast.mean(axis=0), slow.mean(axis=0), atol=5 * error.max())
    np.testing.assert_allclose(np.cov(fast.T), np.cov(slow.T), rtol=0.15)


def test_the_variance_has_a_part_of_seeds_and_a_part_of_images() -> None:
    sums = random_sums(8, 30, 1, np.random.default_rng(3))
    scores = resample_scores(sums, np.random.default_rng(4), resamples=40_000)
    seed_means = observed_scores(sums)[:, 0]
    within = np.mean([seed.var() / 30 for seed in sums.numerators])
    assert scores.var() == pytest.approx((seed_means.var() + within) / 8, rel=0.05)


def test_arms_share_their_draws() -> None:
    one = random_sums(4, 9, 1, np.random.default_rng(0))
    shifted = tuple(np.hstack([top, top - 0.1]) for top in one.numerators)
    ones = tuple(np.ones((9, 2)) for _ in range(4))
    sums = Sums(one.seeds, ("a", "b"), one.images, shifted, ones)
    scores = resample_scores(sums, np.random.default_rng(0), resamples=200)
    assert scores[:, 0].std() > 0
    np.testing.assert_allclose(bootstrap_difference(scores, sums, "a", "b"), [0.1, 0.1])


def test_seeds_may_have_different_numbers_of_images() -> None:
    a = {0: A0, 1: A0.head(1)}
    sums = dice_sums({"a": a, "b": a})
    scores = resample_scores(sums, np.random.default_rng(0), resamples=500)
    assert np.nanmin(scores) >= 0.5 - 1e-12
    assert np.nanmax(scores) <= 0.8 + 1e-12
    np.testing.assert_array_equal(scores[:, 0], scores[:, 1])


def test_draws_without_a_positive_image_are_left_out() -> None:
    table = counts(("i", 1, 0, 0), ("j", 0, 0, 0))
    scores = resample_scores(dice_sums({"a": {0: table}}), np.random.default_rng(0), resamples=400)
    # one seed, two images: a quarter of the draws takes the empty one twice
    assert np.isnan(scores).mean() == pytest.approx(0.25, abs=0.08)
    assert set(np.unique(scores[np.isfinite(scores)])) == {1.0}


def test_the_generator_decides_the_draws() -> None:
    sums = random_sums(3, 5, 2, np.random.default_rng(0))
    first, again, other = (
        resample_scores(sums, np.random.default_rng(seed), resamples=50) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"a": {0: A0}, "b": {0: B0.head(2)}}, "images of seed 0 differ between the arms 'a'"),
        ({"a": {0: pd.concat([A0, A0])}}, "or come twice"),
    ],
)
def test_counts_that_cannot_be_paired_are_refused(
    tables: dict[str, dict[int, pd.DataFrame]], message: str
) -> None:
    with pytest.raises(FrugalsegError, match=message):
        dice_sums(tables)

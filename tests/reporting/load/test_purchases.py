from pathlib import Path

import pandas as pd

from frugalseg.reporting.load.purchases import Purchases, load_purchases
from frugalseg.reporting.load.study import Study
from tests.reporting.study_purchases import write_acquired


def test_a_study_without_rounds_has_bought_nothing(tmp_path: Path) -> None:
    found = load_purchases({("a", 0, 0): tmp_path})
    assert found.table.empty
    assert not found.maps
    assert Purchases().arms == ()


def test_what_was_only_offered_is_left_out(study: Study) -> None:
    table = study.purchases.table
    assert set(table["rank"]) == {1, 2}
    assert set(study.purchases.arms) == {"random", "entropy"}
    assert len(table) == 2 * 2 * 2 * 5  # images, rounds, arms, seeds


def test_maps_are_those_of_the_first_seed_and_of_scored_pixels(study: Study) -> None:
    assert set(study.purchases.maps) == {("entropy", 0, 1), ("entropy", 0, 2)}
    kept = study.purchases.maps["entropy", 0, 1]
    assert kept.peak == 0.5
    assert all(scores.shape == (24, 32) for scores in kept.maps.values())


def test_names_that_look_like_numbers_stay_text(tmp_path: Path) -> None:
    ids = [f"{k:03d}" for k in range(40)]
    write_acquired(tmp_path, (48, 64), ids, 3, scored=True)
    found = load_purchases({("entropy", 0, 1): tmp_path})
    assert set(found.table["image_id"]) == set(found.maps["entropy", 0, 1].maps)
    assert all(name in ids for name in found.table["image_id"])
    assert isinstance(found.table, pd.DataFrame)

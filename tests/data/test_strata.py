import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.data.strata import area_bins, systematic_order, tag_and_area


def test_thirds_of_the_defects_by_area_and_none() -> None:
    share = np.array([0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.5])
    assert area_bins(share).tolist() == [0, 1, 1, 2, 2, 3, 3]


def test_equal_areas_are_one_bin() -> None:
    assert len(set(area_bins(np.full(9, 0.1)).tolist())) == 1
    assert area_bins(np.zeros(4)).tolist() == [0, 0, 0, 0]
    assert area_bins(np.array([])).tolist() == []


def test_stratum_of_a_unit_is_its_tags_and_its_share() -> None:
    images = pd.DataFrame(
        {
            "image_label": ["1", "0", "0", "1+2"],
            "foreground": [10, 0, 0, 90],
            "pixels": [100, 100, 0, 100],
        }
    )
    strata = tag_and_area(images, np.array([7, 7, 3, 5]))
    assert strata.tolist() == ["0/0", "1+2/3", "0|1/1"]  # of units 3, 5 and 7


@given(
    st.lists(st.sampled_from(["0", "1", "1+2", "rare"]), min_size=1, max_size=60),
    st.floats(0.01, 1),
    st.integers(0, 99),
)
def test_sample_holds_each_stratum_to_within_one(
    strata: list[str], share: float, seed: int
) -> None:
    labels = np.array(strata, object)
    order = systematic_order(labels, share, np.random.default_rng(seed))
    assert sorted(order.tolist()) == list(range(len(strata)))
    count = max(1, int(share * len(strata) + 0.5))
    sample = labels[order[:count]]
    for stratum in set(strata):
        wanted = count * strata.count(stratum) / len(strata)
        assert abs((sample == stratum).sum() - wanted) < 1
    again = systematic_order(labels, share, np.random.default_rng(seed))
    assert order.tolist() == again.tolist()


def test_an_image_alone_in_its_stratum_has_the_same_chance_as_any() -> None:
    labels = np.array(["a"] * 9 + ["b"], object)
    taken = [
        9 in systematic_order(labels, 0.2, np.random.default_rng(seed))[:2] for seed in range(2000)
    ]
    assert np.mean(taken) == pytest.approx(0.2, abs=0.03)  # 3 standard errors

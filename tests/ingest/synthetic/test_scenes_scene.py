"""What all scenes share: what is refused of their options, positives and generators."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.synthetic.particles import ParticleOptions
from frugalseg.ingest.synthetic.scene import PARTS, generator, is_positive, parse
from frugalseg.ingest.synthetic.surfaces import SurfaceOptions


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"positive": 0.5}, r"'positive': found 0.5; expected the name of a known option"),
        ({"positives": 1.5}, r"'positives': found 1.5; expected less than or equal to 1"),
        ({"positives": "0.5"}, r"'positives': found '0.5'; expected a valid number"),
        ({"images": True}, r"'images': found True; expected a valid integer"),
        ({"images": 1.5}, r"'images': found 1.5; expected a valid integer"),
        ({"seed": -1}, r"'seed': found -1; expected greater than or equal to 0"),
        ({"size": [96]}, r"'size.1': found \[96\]; expected one more value"),
        ({"size": [96, 8]}, r"'size.1': found 8; expected greater than or equal to 32"),
        ({"noise": [4, 1]}, r"'noise': found \[4, 1\]; expected \[low, high\] with low <= high"),
        ({"noise": [0, float("nan")]}, r"'noise.1': found nan; expected a finite number"),
        ({"defects": [3, 1]}, r"'defects': found \[3, 1\]; expected \[low, high\]"),
        ({"kinds": []}, r"'kinds': found \[\]; expected at least one value"),
        ({"textures": ["sand"]}, r"'textures.0': found 'sand'; expected 'brick', 'grass' or"),
    ],
)
def test_refusal_names_key_found_and_expected(options: dict[str, object], message: str) -> None:
    with pytest.raises(FrugalsegError, match=message):
        parse(SurfaceOptions, options)


def test_all_bad_options_are_named_at_once_and_the_known_ones_listed() -> None:
    with pytest.raises(FrugalsegError) as caught:
        parse(ParticleOptions, {"positives": 0.5, "block": 0, "radius": "big"})
    text = str(caught.value)
    assert all(f"'{key}'" in text for key in ("positives", "block", "radius"))
    assert "Known options: seed, images, test, unlabeled, size, block, particles" in text


def test_values_as_yaml_gives_them_are_taken_and_gaps_are_defaults() -> None:
    options = parse(SurfaceOptions, {"size": [64, 80], "noise": [1, 2], "kinds": ["pit"]})
    assert (options.size, options.noise, options.kinds) == ((64, 80), (1.0, 2.0), ("pit",))
    assert options.counts() == {"train": 184, "test": 60, "unlabeled": 0}


@given(st.floats(0, 1), st.integers(1, 300))
def test_positives_of_the_first_n_are_n_times_the_share_rounded(share: float, n: int) -> None:
    positives = sum(is_positive(number, share) for number in range(n))
    assert abs(positives - n * share) <= 0.5 + 1e-9


def test_positives_by_hand() -> None:
    # Cumulative counts int(k * 0.11 + 0.5) step up at k = 5, 14 and 23: numbers 4, 13, 22.
    assert [k for k in range(24) if is_positive(k, 0.11)] == [4, 13, 22]
    assert not any(is_positive(k, 0.0) for k in range(50))
    assert all(is_positive(k, 1.0) for k in range(50))


def test_every_seed_part_and_number_has_its_own_generator() -> None:
    draws = {
        int(generator(seed, part, number).integers(2**62))
        for seed in range(3)
        for part in PARTS
        for number in range(4)
    }
    assert len(draws) == 3 * len(PARTS) * 4
    again = generator(1, "test", 2).random(3)
    np.testing.assert_array_equal(again, generator(1, "test", 2).random(3))

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from frugalseg.metrics.otsu import BINS, otsu_probability, probability_counts


def test_two_populations_are_parted() -> None:
    probs = np.array([0.1] * 90 + [0.8] * 10, np.float32)
    threshold = otsu_probability(probability_counts(probs))
    assert 0.1 < threshold <= 0.8
    assert ((probs >= threshold) == (probs > 0.5)).all()


def test_one_value_or_none_has_no_threshold_of_its_own() -> None:
    assert otsu_probability(probability_counts(np.full(9, 0.9, np.float32))) == 0.5
    assert otsu_probability(np.zeros(BINS, np.int64)) == 0.5


@given(st.lists(st.floats(0, 1, width=32), min_size=2))
def test_it_maximizes_the_variance_between_both_sides(values: list[float]) -> None:
    counts = probability_counts(np.array(values, np.float32))
    levels = np.arange(BINS)
    if np.count_nonzero(counts) < 2:
        return

    def between(cut: int) -> float:
        low, high = counts[:cut].sum(), counts[cut:].sum()
        if not low or not high:
            return 0.0
        means = [levels[s] @ counts[s] / counts[s].sum() for s in (slice(cut), slice(cut, None))]
        return float(low * high * (means[0] - means[1]) ** 2)

    best = max(between(cut) for cut in range(1, BINS))
    assert between(round(otsu_probability(counts) * BINS)) >= best * (1 - 1e-6)

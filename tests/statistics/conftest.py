"""Small score tables, written down as arm -> seed -> [(labeled fraction, value), ...]."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import pytest
from hypothesis import settings

# A busy machine must not fail a test: no example has a time limit.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

Curves = Mapping[str, Mapping[int, Sequence[tuple[float, float]]]]
MakeScores = Callable[..., pd.DataFrame]


def _make_scores(curves: Curves, metric: str = "dice") -> pd.DataFrame:
    rows = [
        {
            "arm": arm,
            "seed": seed,
            "round": number,
            "images": round(100 * fraction),
            "pixels": round(100 * fraction) * 4096,
            "seconds": 6000.0 * fraction,
            "fraction": fraction,
            "threshold": "validation",
            "class": "all",
            "metric": metric,
            "value": value,
            "all_background": 0.0,
        }
        for arm, by_seed in curves.items()
        for seed, curve in by_seed.items()
        for number, (fraction, value) in enumerate(curve)
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def make_scores() -> MakeScores:
    """Return a function that writes a tidy score table."""
    return _make_scores

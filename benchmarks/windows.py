"""Scoring every window of a large uncertainty map, and choosing among them.

Prints the processor time of one thread: to score all 150 x 150 windows of a 2560 x 2048 map at
strides 1 and 30, to choose 20 of them that share no pixel, and for comparison that of scipy's
uniform filter, which gives the means at stride 1.
"""

import statistics
from collections.abc import Callable

import numpy as np
from scipy.ndimage import uniform_filter

from benchmarks.turns import turns
from frugalseg.acquisition.windows import lay, pick_apart, window_sums
from frugalseg.settings.arm import RegionParams

SHAPE, SIZE, ROUNDS = (2048, 2560), 150, 9


def milliseconds(work: Callable[[], object]) -> str:
    """Return the median time of a call, and the range."""
    kept = sorted(1000 * seconds for (seconds,) in turns(work, rounds=ROUNDS))
    return (
        f"{statistics.median(kept):6.1f} ms  (from {kept[0]:.1f} to {kept[-1]:.1f}, {ROUNDS} runs)"
    )


def main() -> None:
    """Print the times."""
    scores = np.random.default_rng(0).random(SHAPE, np.float32)
    for stride in (1, 30):
        windows = lay(SHAPE, RegionParams(size=SIZE, stride=stride))
        sums = window_sums(scores, windows)
        scored = milliseconds(lambda windows=windows: window_sums(scores, windows))  # type: ignore[misc]
        print(f"stride {stride:2}: {sums.size:7} windows scored       {scored}")
        chosen = milliseconds(
            lambda sums=sums, windows=windows: pick_apart(  # type: ignore[misc]
                sums, windows, 20, np.random.default_rng(0)
            )
        )
        print(f"stride {stride:2}: 20 chosen without overlap       {chosen}")
    peer = milliseconds(lambda: uniform_filter(scores.astype(np.float64), SIZE))
    print(f"scipy's uniform filter                  {peer}")

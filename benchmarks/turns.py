"""Alternating timing: every round runs each contestant once, so that drift affects all alike."""

import time
from collections.abc import Callable


def turns(*runs: Callable[[], object], rounds: int) -> list[tuple[float, ...]]:
    """Return the seconds of each run in each of `rounds` rounds, after a warm-up round.

    Seconds are processor time, which other work on the machine does not change; they equal the time
    of a clock only for single-threaded runs.
    """
    return [tuple(seconds_of(run) for run in runs) for _ in range(rounds + 1)][1:]


def seconds_of(run: Callable[[], object]) -> float:
    """Return the processor seconds of this process during `run`."""
    begin = time.process_time()
    run()
    return time.process_time() - begin

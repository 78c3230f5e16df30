"""Timing by turns: every round runs each contestant once, so that a drift of speed meets all."""

import time
from collections.abc import Callable


def turns(*runs: Callable[[], object], rounds: int) -> list[tuple[float, ...]]:
    """Return the seconds of each run in each of `rounds` rounds, after one that warms up.

    What counts is the time of the processor, so that other work on the machine does not. That is
    the time of a clock only for what runs in one thread.
    """
    return [tuple(seconds_of(run) for run in runs) for _ in range(rounds + 1)][1:]


def seconds_of(run: Callable[[], object]) -> float:
    """Return the seconds that this process computes while `run` runs."""
    begin = time.process_time()
    run()
    return time.process_time() - begin

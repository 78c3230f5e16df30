"""The progress of a run, in one line for people."""

import shutil
from collections import Counter, defaultdict
from collections.abc import Mapping
from statistics import fmean
from typing import TextIO

EVERY = 30.0
"""Seconds between two lines where the stream is not a terminal."""
CLEAR = "\r\x1b[K"


class Progress:
    """The jobs of a run: how many are done, which are running, how long the rest may take.

    Times are in seconds, of any clock that only goes forward.
    """

    def __init__(self, counts: Mapping[str, int], now: float) -> None:
        """Start at `now`; `counts` is the number of jobs of every rule."""
        self._left = Counter(counts)
        self._total, self._done, self._began = sum(counts.values()), 0, now
        self._running: dict[int, tuple[str, str, float]] = {}
        self._took: defaultdict[str, list[float]] = defaultdict(list)

    def begin(self, job: int, rule: str, name: str, now: float) -> None:
        """Record that a job of a rule is running; `name` is shown."""
        self._running[job] = (rule, name, now)

    def end(self, job: int, now: float, *, done: bool = True) -> None:
        """Record that a job has ended; one that failed is still to be done."""
        rule, _, began = self._running.pop(job, ("", "", now))
        if done:
            self._done += 1
            self._left[rule] -= 1
            self._took[rule].append(now - began)

    def seconds_left(self, now: float) -> float | None:
        """Estimate how long the rest takes; None before the first job is done.

        The jobs left of a rule take as long as its jobs so far, or as all jobs if it has none, and
        run in parallel as jobs did on average.
        """
        took = [seconds for of_rule in self._took.values() for seconds in of_rule]
        running = [(rule, now - began) for rule, _, began in self._running.values()]
        busy = sum(took) + sum(seconds for _, seconds in running)
        if not took or now <= self._began or not busy:
            return None
        # a rule whose first job is running takes at least as long as that job so far
        mean = {rule: max(fmean(took), seconds) for rule, seconds in running}
        mean |= {rule: fmean(seconds) for rule, seconds in self._took.items()}
        work = sum(max(n, 0) * mean.get(rule, fmean(took)) for rule, n in self._left.items())
        work -= sum(min(seconds, mean[rule]) for rule, seconds in running)
        return work / (busy / (now - self._began))

    def line(self, now: float) -> str:
        """Return the progress in words."""
        parts = [f"{self._done} of {self._total} jobs done"]
        names = [name for _, name, _ in self._running.values()]
        if names:
            more = f" and {len(names) - 2} more" if len(names) > 2 else ""
            parts.append(f"running: {', '.join(names[:2])}{more}")
        left = self.seconds_left(now)
        if left is not None and not self.done:
            parts.append(f"about {_duration(left)} left")
        return "; ".join(parts)

    @property
    def done(self) -> bool:
        """Whether every job is done."""
        return self._done >= self._total


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"


class ProgressWriter:
    """Writes progress: always in the same line on a terminal, else now and then in a new one."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`."""
        self._stream, self._is_terminal, self._last = stream, stream.isatty(), float("-inf")

    def write(self, text: str, now: float, *, is_last: bool = False) -> None:
        """Write a line of progress if it is time for one, or the last one."""
        if self._is_terminal:
            width = shutil.get_terminal_size().columns - 1
            self._stream.write(CLEAR + text[:width] + ("\n" if is_last else ""))
        elif is_last or now - self._last >= EVERY:
            self._stream.write(f"{text}\n")
            self._last = now
        self._stream.flush()

    def write_message(self, text: str) -> None:
        """Write a message in full, above the line of progress."""
        self._stream.write(f"{CLEAR if self._is_terminal else ''}{text}\n")
        self._stream.flush()

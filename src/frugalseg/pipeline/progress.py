"""How far a run is, in a line that a person can read."""

import shutil
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TextIO

EVERY = 30.0
"""Seconds between two lines where the stream is no terminal."""
CLEAR = "\r\x1b[K"


class Progress:
    """The jobs of a run: how many are done, which are running, how long the rest may take.

    Times are in seconds, of any clock that only goes forward.
    """

    def __init__(self, counts: Mapping[str, int], now: float) -> None:
        """Begin; `counts` says how many jobs every rule has."""
        self._left = Counter(counts)
        self._total, self._done, self._began = sum(counts.values()), 0, now
        self._running: dict[int, tuple[str, str, float]] = {}
        self._took: defaultdict[str, list[float]] = defaultdict(list)

    def begin(self, job: int, rule: str, name: str, now: float) -> None:
        """Take note that a job of a rule is running; `name` is shown."""
        self._running[job] = (rule, name, now)

    def end(self, job: int, now: float, *, done: bool = True) -> None:
        """Take note that a job has ended; one that is not done counts as left."""
        rule, _, began = self._running.pop(job, ("", "", now))
        if done:
            self._done += 1
            self._left[rule] -= 1
            self._took[rule].append(now - began)

    def seconds_left(self, now: float) -> float | None:
        """Estimate how long the rest takes; None before the first job is done.

        What is left of every rule takes as long as its jobs did so far (a rule without any: as all
        did), with as many jobs side by side as there were on average.
        """
        took = [seconds for of_rule in self._took.values() for seconds in of_rule]
        since = {rule: now - began for rule, _, began in self._running.values()}
        busy = sum(took) + sum(now - began for _, _, began in self._running.values())
        if not took or now <= self._began or not busy:
            return None
        mean = {rule: sum(s) / len(s) for rule, s in self._took.items()}
        every = sum(took) / len(took)
        # A rule whose first job still runs takes at least as long as that has.
        each = {rule: mean.get(rule, max(every, since.get(rule, 0.0))) for rule in self._left}
        work = sum(max(count, 0) * each[rule] for rule, count in self._left.items())
        work -= sum(min(now - b, each.get(rule, 0.0)) for rule, _, b in self._running.values())
        return work / (busy / (now - self._began))

    def line(self, now: float) -> str:
        """Say how far it is."""
        parts = [f"{self._done} of {self._total} jobs done"]
        names = [name for _, name, _ in self._running.values()]
        if names:
            more = f" and {len(names) - 2} more" if len(names) > 2 else ""
            parts.append(f"running: {', '.join(names[:2])}{more}")
        left = self.seconds_left(now)
        if left is not None and self._done < self._total:
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


class Teller:
    """Writes progress: one line again and again on a terminal, else one now and then."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`."""
        self._stream, self._terminal, self._told = stream, stream.isatty(), float("-inf")

    def tell(self, text: str, now: float, *, must: bool = False) -> None:
        """Write a line of progress, where it is time for one or `must` says so."""
        if self._terminal:
            width = shutil.get_terminal_size().columns - 1
            self._stream.write(CLEAR + text[:width] + ("\n" if must else ""))
        elif must or now - self._told >= EVERY:
            self._stream.write(f"{text}\n")
            self._told = now
        self._stream.flush()

    def interrupt(self, text: str) -> None:
        """Write a message in full, above the line of progress."""
        self._stream.write(f"{CLEAR if self._terminal else ''}{text}\n")
        self._stream.flush()

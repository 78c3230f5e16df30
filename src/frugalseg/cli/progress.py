"""How far a command is, in one line on a terminal."""

from collections.abc import Callable, Iterable, Iterator
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

Band = tuple[NDArray[np.uint8], NDArray[np.float32]]
BAR = 24


class Progress:
    """A line that is written over and over; nothing where `stream` is no terminal."""

    def __init__(self, stream: TextIO, total: int) -> None:
        """Begin; `total` counts what has to be done."""
        self._stream, self._total, self._shown = stream, total, stream.isatty()

    def show(self, done: float, name: str) -> None:
        """Say that `done` of the total are done, and what is being done."""
        if self._shown:
            filled = round(BAR * done / self._total)
            bar = "#" * filled + "-" * (BAR - filled)
            self._stream.write(f"\r\x1b[K[{bar}] {int(done)}/{self._total} {name[-60:]}")
            self._stream.flush()

    def watched(self, bands: Iterable[Band], height: int, step: Callable[[float], None]
                ) -> Iterator[Band]:  # fmt: skip
        """Hand bands on, and tell `step` which share of `height` they have come to."""
        rows = 0
        for band in bands:
            yield band
            rows += len(band[0])
            step(rows / height)

    def end(self) -> None:
        """Take the line away."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

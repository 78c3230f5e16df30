"""SHA-256 of files, cached by size and time: a study's models are not read again at every run."""

import os
from copy import deepcopy
from pathlib import Path

from frugalseg.core import paths
from frugalseg.core.files import read_json_or, sha256, write_json

HASHES = Path(paths.STATE, "hashes.json")
"""Cache for the outputs of a study."""
SOURCES = Path(paths.STATE, "sources.json")
"""Cache for the images that a study is made of."""

TOLERANCE = 1e-5
"""Seconds: a record keeps a time as a float, which cannot hold a file's nanoseconds."""


class Hashes:
    """Hashes of files, including those of earlier runs.

    A file of the same size and time is taken to be unchanged; `frugalseg verify` reads all files.
    """

    def __init__(self, path: Path = HASHES) -> None:
        """Load the hashes of earlier runs."""
        self._path = path
        self._cached: dict[str, list[int | str]] = read_json_or(path, {})
        self._saved = deepcopy(self._cached)

    def of(self, file: str) -> str:
        """Return the SHA-256 of a file, in hex."""
        stamp = _stamp(file)
        cached = self._cached.get(file)
        if cached is None or cached[:2] != stamp:
            cached = self._cached[file] = [*stamp, sha256(Path(file))]
        return str(cached[2])

    def reset_time(self, file: str, seconds: float) -> bool:
        """Reset a file to its time in its record, if its content is unchanged; return whether.

        DVC rewrites a file when it moves it into its cache.

        Args:
            seconds: the time that the record of the file names.
        """
        _, time, value = self._cached.get(file, [0, 0, ""])
        if abs(int(time) / 1e9 - seconds) > TOLERANCE or sha256(Path(file)) != value:
            return False
        os.utime(file, ns=(int(time), int(time)), follow_symlinks=False)
        return True

    def restamp(self, file: str) -> None:
        """Update the cached time of a file whose content has not changed."""
        if file in self._cached:
            self._cached[file][:2] = _stamp(file)

    def save(self) -> None:
        """Save the hashes of files that still exist, if there are changes."""
        kept = {file: entry for file, entry in self._cached.items() if os.path.lexists(file)}
        if kept != self._saved:
            write_json(self._path, kept)


def _stamp(file: str) -> list[int | str]:
    status = Path(file).stat()  # of the file that a link points to
    return [status.st_size, status.st_mtime_ns]

"""SHA-256 of files, kept by size and time: a study's models are not read again to be compared."""

import os
from pathlib import Path

from frugalseg.core import paths
from frugalseg.core.files import read_json, sha256, write_json

HASHES = Path(paths.STATE, "hashes.json")
SOURCES = Path(paths.STATE, "sources.json")
"""Where hashes of outputs are kept, and those of images that a study is of."""

TOLERANCE = 1e-5
"""Seconds: a record keeps a time as a float, which holds less than the nanoseconds of a file."""


class Hashes:
    """Hashes of files, those of earlier runs included.

    A file of the same size and time is taken for the same; `frugalseg verify` reads them anew.
    """

    def __init__(self, path: Path = HASHES, *, trust: bool = True) -> None:
        """Load what earlier runs have hashed, unless they are not to be trusted."""
        self._path = path
        self._known: dict[str, list[int | str]] = _load(path) if trust else {}
        self._saved = {file: list(known) for file, known in self._known.items()}

    def of(self, file: str) -> str:
        """Return the SHA-256 of a file, as hex."""
        stamp = _stamp(file)
        known = self._known.get(file)
        if known is None or known[:2] != stamp:
            known = [*stamp, sha256(Path(file))]
            self._known[file] = known
        return str(known[2])

    def returned(self, file: str, seconds: float) -> bool:
        """Give a file its time of change back, if its content is still that of then.

        DVC writes a file anew when it takes it into its cache.

        Args:
            seconds: the time of change that its record names.
        """
        _, then, value = self._known.get(file, [0, 0, ""])
        if abs(int(then) / 1e9 - seconds) > TOLERANCE or sha256(Path(file)) != value:
            return False
        os.utime(file, ns=(int(then), int(then)), follow_symlinks=False)
        return True

    def restamp(self, file: str) -> None:
        """Take note that a file whose hash is known got another time, and nothing else."""
        if file in self._known:
            self._known[file][:2] = _stamp(file)

    def save(self) -> None:
        """Keep the hashes of files that still exist, if that changes anything."""
        kept = {file: known for file, known in self._known.items() if os.path.lexists(file)}
        if kept != self._saved:
            write_json(self._path, kept)


def _stamp(file: str) -> list[int | str]:
    # of the file itself: a link's own time says nothing of what it points to
    status = Path(file).stat()
    return [status.st_size, status.st_mtime_ns]


def _load(path: Path) -> dict[str, list[int | str]]:
    try:
        known = read_json(path)
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}

"""Names that are nearly those of a layout: `validation/` for `val/`, `Groups.csv`."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from frugalseg.ingest.archive.names import is_clutter

_ALIKE = 0.8
"""Similarity of a misspelled name, see `difflib`: `imges` and `images` have 0.91."""
_LEAST = 5
"""Letters from which a name counts as misspelled; `text` is not `test`."""
_TABLES = frozenset({"", ".csv", ".tsv", ".txt", ".xls", ".xlsx", ".ods"})
"""Suffixes of files that may be meant as a table; `groups.csv.bak` is a backup."""


def near_names(folder: Path, names: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Yield a line for each entry of `folder` that is probably meant as one of `names`.

    That is a name that differs in case or separators or is misspelled; or another word for a name
    of the layout that `folder` does not have.

    Args:
        names: what the layout knows, folders with `/` at their end -> other words for them, in
            lower case without separators.
    """
    if not folder.is_dir():
        return
    entries = sorted(path for path in folder.iterdir() if not is_clutter(path.name))
    present = {_called(path) for path in entries}
    for path in entries:
        called = _called(path)
        if called not in names and (meant := _meant(called, names, present)):
            yield (
                f"{path} is not read, but {meant} would be. Rename it, or move it elsewhere if it "
                "is not part of the data set"
            )


def _called(path: Path) -> str:
    return f"{path.name}/" if path.is_dir() else path.name


def _meant(called: str, names: Mapping[str, frozenset[str]], present: set[str]) -> str | None:
    is_folder = called.endswith("/")
    if not is_folder and Path(called).suffix.lower() not in _TABLES:
        return None
    plain = {_plain(name): name for name in names if name.endswith("/") == is_folder}
    own = _plain(called)
    if own in plain:
        return plain[own]
    for name in plain.values():
        if own in names[name] and name not in present:
            return name
    if any(character.isdigit() for character in own):
        return None  # images2/ is another batch, not a slip
    long = [name for name in plain if len(name) >= _LEAST]
    near = get_close_matches(own, long, n=1, cutoff=_ALIKE) if len(own) >= _LEAST else []
    return plain[near[0]] if near else None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name.casefold())

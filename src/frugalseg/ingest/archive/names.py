"""Which names an archive may hold: relative, printable, and never two for one file."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

PART_BYTES = 255
"""Longest name of one file or folder on ext4, XFS, APFS and NTFS, in bytes of UTF-8."""
PATH_BYTES = 512
"""Longest path of one entry, in bytes of UTF-8."""
DEPTH = 32
"""Most folders above one file."""

_RENAME = "rename the entry and pack the archive again"
# Not str.isprintable(), which would also refuse the joiners of Persian and of emoji.
_ADDED = {"__MACOSX", "Thumbs.db", "desktop.ini", "@eaDir", "$RECYCLE.BIN"}
_CONTROL = {"Cc", "Cs", "Zl", "Zp"}
_SHOWN = 200
_DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one entry of an archive, and what its owner can do about it."""

    entry: str
    reason: str
    remedy: str = _RENAME


def shorten(name: str, length: int = 120) -> str:
    """Return `name` quoted, on one line, without unprintable characters, cut to `length`."""
    return repr(name if len(name) <= length else f"{name[:length]}...")


def describe(faults: Sequence[Fault]) -> str:
    """Return one line for each of `faults` (the first 200), and one for all remedies."""
    lines = [f"  {shorten(fault.entry)} {fault.reason}" for fault in faults[:_SHOWN]]
    if len(faults) > _SHOWN:
        lines.append(f"  and {len(faults) - _SHOWN} more")
    remedies = "; ".join(dict.fromkeys(fault.remedy for fault in faults))
    return "\n".join([*lines, f"What to do: {remedies}."])


def name_parts(name: str) -> tuple[str, ...]:
    """Split an entry's name at its slashes, leaving out empty parts (`./a`, `a//b`)."""
    return tuple(part for part in name.split("/") if part not in ("", "."))


def name_faults(name: str) -> list[Fault]:
    """Return what keeps `name` from being a file inside the target folder, at most one fault.

    Names are also checked as Windows would read them, since archives travel.
    """
    parts = name_parts(name)
    rules = {
        "holds control characters": any(unicodedata.category(c) in _CONTROL for c in name),
        "is an absolute path": name.startswith("/"),
        "is a path on a Windows drive": _DRIVE.match(name) is not None,
        "holds a backslash": "\\" in name,
        "leaves the folder (..)": ".." in parts,
        "has no name": not parts and name != "./",
        f"has a name of more than {PART_BYTES} bytes": any(_size(p) > PART_BYTES for p in parts),
        f"has a path of more than {PATH_BYTES} bytes": _size(name) > PATH_BYTES,
        f"lies more than {DEPTH} folders deep": len(parts) > DEPTH + 1,
    }
    return [Fault(name, reason) for reason, broken in rules.items() if broken][:1]


def is_from_macos(name: str) -> bool:
    """Say whether `name` is what macOS adds to folders and archives whenever they are looked at."""
    parts = name_parts(name)
    return bool(parts) and (
        "__MACOSX" in parts or parts[-1] == ".DS_Store" or parts[-1].startswith("._")
    )


def is_clutter(name: str) -> bool:
    """Say whether no part of a data set lies at `name`: a hidden path, or one that systems add.

    Hidden are `.DS_Store`, `._x.png`, `.ipynb_checkpoints/`, `.thumbnails/`; added are `__MACOSX/`,
    `Thumbs.db`, `desktop.ini`, `@eaDir/` and `$RECYCLE.BIN/`.
    """
    parts = name_parts(name)
    return any(part in _ADDED or (part[0] == "." and part[:2] != "..") for part in parts)


def collisions(members: Iterable[tuple[str, bool]]) -> Iterator[Fault]:
    """Find entries that would be one file on some disk: equal, or unequal in case or Unicode form.

    Args:
        members: the path of every entry, and whether it is a folder.
    """
    claimed: dict[str, tuple[str, bool]] = {}
    reported: set[str] = set()
    folders: set[str] = set()
    for member in members:
        chain = [member]
        while (parent := chain[-1][0].rpartition("/")[0]) and parent not in folders:
            folders.add(parent)
            chain.append((parent, True))
        for entry in reversed(chain):
            name, is_folder = entry
            # not casefold(), which makes "Maß" and "Mass" equal: every file system tells them apart
            first = claimed.setdefault(unicodedata.normalize("NFC", name).lower(), entry)
            is_same_folder = is_folder and first == entry
            if first is not entry and not is_same_folder and name not in reported:
                reported.add(name)
                yield Fault(name, _collision(name, is_folder, first))


def _collision(name: str, is_folder: bool, first: tuple[str, bool]) -> str:
    if name != first[0]:
        return f"differs only in case or Unicode form from {shorten(first[0])}"
    if is_folder != first[1]:
        return "is both a file and a folder"
    return "is in the archive more than once"


def _size(name: str) -> int:
    return len(name.encode("utf-8", "surrogatepass"))

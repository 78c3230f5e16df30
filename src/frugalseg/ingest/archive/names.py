"""Which names an archive may hold: relative, printable, and never two for one file."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

PART_BYTES = 255
"""Longest name of one file or folder on ext4, XFS, APFS and NTFS, in bytes of UTF-8."""

_RENAME = "rename the entry and pack the archive again"
_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
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
    """Split an entry's name at its slashes; parts that say nothing (`./a`, `a//b`) fall away."""
    return tuple(part for part in name.split("/") if part not in ("", "."))


def name_faults(name: str, path_bytes: int, depth: int) -> list[Fault]:
    """Return what keeps `name` from being a file inside the target folder, at most one fault.

    Names are judged as a Windows machine would read them too, since archives travel. Limits are
    bytes of UTF-8 of the whole path, and folders above the file.
    """
    parts = name_parts(name)
    rules = {
        "holds control characters": _has_control(name),
        "is an absolute path": name.startswith("/"),
        "is a path on a Windows drive": _DRIVE.match(name) is not None,
        "holds a backslash": "\\" in name,
        "leaves the folder (..)": ".." in parts,
        "has no name": not parts and name != "./",
        f"has a name of more than {PART_BYTES} bytes": max(map(_size, parts), default=0)
        > PART_BYTES,
        f"has a path of more than {path_bytes} bytes": _size(name) > path_bytes,
        f"lies more than {depth} folders deep": len(parts) > depth + 1,
    }
    return [Fault(name, reason) for reason, broken in rules.items() if broken][:1]


def is_clutter(name: str) -> bool:
    """Tell whether `name` is what macOS adds to archives: resource forks and folder settings."""
    parts = name_parts(name)
    return bool(parts) and (
        "__MACOSX" in parts or parts[-1] == ".DS_Store" or parts[-1].startswith("._")
    )


def collisions(members: Iterable[tuple[str, bool]]) -> Iterator[Fault]:
    """Find entries that would be one file on some disk: twice, or apart in case or Unicode form.

    Args:
        members: path and whether it is a folder, of every entry.
    """
    claimed: dict[str, tuple[str, bool]] = {}
    reported: set[str] = set()
    folders: set[str] = set()
    for path, is_folder in members:
        above = _new_folders(path, folders)
        folders.update(above)
        for name, folder in [*((name, True) for name in above), (path, is_folder)]:
            first = claimed.get(_folded(name))
            if first is None:
                claimed[_folded(name)] = (name, folder)
            elif not (folder and first == (name, folder)) and name not in reported:
                reported.add(name)
                yield Fault(name, _collision(name, folder, first))


def _new_folders(path: str, known: set[str]) -> list[str]:
    """Return the folders above `path` that are not `known`, the outermost first."""
    found = []
    folder = path.rpartition("/")[0]
    while folder and folder not in known:
        found.append(folder)
        folder = folder.rpartition("/")[0]
    return found[::-1]


def _collision(name: str, is_folder: bool, first: tuple[str, bool]) -> str:
    if name != first[0]:
        return f"differs only in case or Unicode form from {shorten(first[0])}"
    if is_folder != first[1]:
        return "is both a file and a folder"
    return "is in the archive more than once"


def _has_control(name: str) -> bool:
    # The joiners of Persian or of emoji are not printable to Python either, and are letters.
    return not name.isprintable() and any(unicodedata.category(c) in _UNPRINTABLE for c in name)


def _folded(name: str) -> str:
    # Not casefold(): it makes one of "Maß" and "Mass", which every file system keeps apart.
    return unicodedata.normalize("NFC", name).lower()


def _size(name: str) -> int:
    return len(name.encode("utf-8", "surrogatepass"))

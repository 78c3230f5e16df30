"""What is wrong with the entries of a zip archive, as its headers show it.

The format is PKWARE's APPNOTE 6.3.10. A zip bomb needs many entries that share one block of data
(Fifield, "A better zip bomb", 2019), a ratio that no image has, or a size that lies; each is
refused from the headers, and `archives.extract` counts the real bytes.
"""

import stat
import struct
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from frugalseg.ingest.archive.names import Fault, collisions, name_faults, name_parts, shorten
from frugalseg.settings.dataset import LimitParams

RATIO_FROM_BYTES = 256 << 20
"""Unpacked bytes from which the limit `ratio` applies: a small blank mask can reach 1000."""

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED = 0x1 | 0x40 | 0x2000
# zipfile's bzip2 and LZMA readers return all that 4 KiB unpack to in one piece, which may be
# gigabytes; its deflate reader stops at the requested size.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_METHOD_NAMES = {1: "shrink", 6: "implode", 9: "deflate64", 12: "bzip2", 14: "lzma", 93: "zstd"}
_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFBLK: "a block device",
    stat.S_IFCHR: "a character device",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}
_REPACK = "unpack it where you trust it and pack plain files again (deflate or stored)"
_AGAIN = "get the archive again; it is damaged or was made to deceive"
_RAISE = "if you trust the archive, raise this limit"


@dataclass(frozen=True)
class Member:
    """An entry: its header, its name, and its path without empty parts ("" is the target)."""

    info: zipfile.ZipInfo
    name: str
    path: str
    is_folder: bool


def member_of(info: zipfile.ZipInfo) -> Member:
    """Return an entry with its name decoded.

    A name that is not marked as UTF-8 is read as UTF-8, which zip tools on Linux write, and failing
    that as code page 437, the format's rule (APPNOTE 4.4.4, bit 11).
    """
    # not `filename`, which is cut at a NUL and may have been changed by extra fields
    name = info.orig_filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    is_folder = name.endswith("/") or stat.S_ISDIR(info.external_attr >> 16)
    return Member(info, name, "/".join(name_parts(name)), is_folder)


def find_faults(
    members: Sequence[Member], file: BinaryIO, directory_start: int, limits: LimitParams
) -> list[Fault]:
    """Return every fault that the headers of an archive show.

    Args:
        members: all entries.
        file: the archive, open at any position.
        directory_start: offset in bytes of the central directory, where the entries' data end.
    """
    if len(members) > limits.entries:
        reason = f"is one of {len(members)} entries; allowed: {limits.entries}"
        return [Fault(members[-1].name, reason, f"{_RAISE} (entries)")]
    faults, sound = [], []
    for member in members:
        wrong = name_faults(member.name)
        faults += [*wrong, *_entry_faults(member, limits)]
        if member.path and not wrong:
            sound.append(member)
    return [
        *faults,
        *_tree_faults(sound, limits),
        *_layout_faults(members, file, directory_start),
        *_total_faults(members, limits),
    ]


def _tree_faults(members: Sequence[Member], limits: LimitParams) -> Iterator[Fault]:
    """Find entries that share a place, and too many folders; the names must be sound."""
    paths = {""}
    for member in members:
        path = member.path
        while path not in paths:
            paths.add(path)
            path = path.rpartition("/")[0]
        if len(paths) > limits.entries + 1:
            reason = f"brings the files and folders to more than {limits.entries}"
            yield Fault(member.name, reason, f"{_RAISE} (entries)")
            return
    yield from collisions((member.path, member.is_folder) for member in members)


def _entry_faults(member: Member, limits: LimitParams) -> Iterator[Fault]:
    info, name = member.info, member.name
    if kind := _KINDS.get(stat.S_IFMT(info.external_attr >> 16)):
        yield Fault(name, f"is {kind}", _REPACK)
    if info.flag_bits & _ENCRYPTED:
        yield Fault(name, "is encrypted", _REPACK)
    if info.compress_type not in _METHODS:
        method = _METHOD_NAMES.get(info.compress_type, "unknown")
        yield Fault(name, f"is compressed by method {info.compress_type} ({method})", _REPACK)
    if info.compress_type == zipfile.ZIP_STORED and info.file_size != info.compress_size:
        yield Fault(name, f"stores {info.compress_size} bytes as {info.file_size}", _AGAIN)
    if member.is_folder and info.file_size:
        yield Fault(name, f"is a folder that holds {info.file_size} bytes", _AGAIN)
    yield from _ratio_faults(name, info.file_size, info.compress_size, limits)


def _ratio_faults(name: str, size: int, packed: int, limits: LimitParams) -> Iterator[Fault]:
    if size > RATIO_FROM_BYTES and size > limits.ratio * packed:
        reason = f"unpacks {packed} bytes to {size}, over {limits.ratio:g} times as many"
        yield Fault(name, reason, f"{_RAISE} (ratio)")


def _total_faults(members: Sequence[Member], limits: LimitParams) -> Iterator[Fault]:
    if not members:
        return
    size = sum(member.info.file_size for member in members)
    packed = sum(member.info.compress_size for member in members)
    largest = max(members, key=lambda member: member.info.file_size).name
    if size > limits.total_bytes:
        reason = f"is the largest of {size} bytes in all; allowed: {limits.total_bytes}"
        yield Fault(largest, reason, f"{_RAISE} (total_bytes)")
    for fault in _ratio_faults(largest, size, packed, limits):
        yield Fault(largest, f"is the largest of an archive that {fault.reason}", fault.remedy)


def _layout_faults(members: Sequence[Member], file: BinaryIO, end: int) -> Iterator[Fault]:
    """Find entries without a header of their own, or whose data run into what follows."""
    spans = []
    for member in sorted(members, key=lambda member: member.info.header_offset):
        start = member.info.header_offset
        file.seek(max(start, 0))
        header = file.read(_LOCAL_HEADER.size)
        if not 0 <= start < end or header[:4] != b"PK\x03\x04" or len(header) < _LOCAL_HEADER.size:
            yield Fault(member.name, "is not where the directory says", _AGAIN)
            continue
        _, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(header)
        stop = file.tell() + name_bytes + extra_bytes + member.info.compress_size
        spans.append((start, stop, member.name))
    spans.append((end, end, "the directory of the archive"))
    for (_, stop, name), (following, _, other) in pairwise(spans):
        if stop > following:
            yield Fault(name, f"overlaps {shorten(other)}", _AGAIN)

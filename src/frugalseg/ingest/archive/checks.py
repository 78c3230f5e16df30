"""What the directory of a zip archive says about its entries, judged before any is unpacked.

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

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_ENCRYPTED = 0x1 | 0x40 | 0x2000
# The bzip2 and LZMA readers of zipfile hand over what 4 KiB unpack to in one piece, gigabytes if
# the data were made to; deflate's stops at the size asked for.
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
class Limits:
    """What an archive may ask for.

    Attributes:
        entries: files and folders.
        total_bytes: of all files unpacked.
        ratio: unpacked over packed bytes, of one entry and of all; a blank mask can reach 1000, so
            it is asked for only from `ratio_from_bytes` unpacked bytes on.
        ratio_from_bytes: see `ratio`.
        path_bytes: of one entry's path, in UTF-8.
        depth: folders above one file.
    """

    entries: int = 200_000
    total_bytes: int = 64 << 30
    ratio: float = 200.0
    ratio_from_bytes: int = 256 << 20
    path_bytes: int = 512
    depth: int = 32


@dataclass(frozen=True)
class Member:
    """An entry of an archive.

    Attributes:
        info: its header.
        name: what it calls itself.
        path: the name without parts that say nothing; "" is the target folder itself.
        is_folder: it is no file.
    """

    info: zipfile.ZipInfo
    name: str
    path: str
    is_folder: bool


def member_of(info: zipfile.ZipInfo) -> Member:
    """Name an entry. A name that is not marked as UTF-8 is UTF-8 if it can be, else code page 437.

    The latter is the format's own rule (APPNOTE 4.4.4, bit 11); the former is what zip tools on
    Linux write.
    """
    # orig_filename, since `filename` was cut at a NUL and may have been changed by extra fields.
    name = info.orig_filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    is_folder = name.endswith("/") or stat.S_ISDIR(info.external_attr >> 16)
    return Member(info, name, "/".join(name_parts(name)), is_folder)


def find_faults(
    members: Sequence[Member], file: BinaryIO, directory_start: int, limits: Limits
) -> list[Fault]:
    """Return every fault that the headers of an archive show.

    Args:
        members: all entries.
        file: the archive, open at any position.
        directory_start: offset in bytes of the central directory, where the entries' data end.
    """
    if len(members) > limits.entries:
        found = f"is one of {len(members)} entries; allowed: {limits.entries}"
        return [Fault(members[-1].name, found, f"{_RAISE} (entries)")]
    faults, named = [], []
    for member in members:
        wrong = name_faults(member.name, limits.path_bytes, limits.depth)
        faults += [*wrong, *_entry_faults(member, limits)]
        if member.path and not wrong:
            named.append(member)
    faults += _tree_faults(named, limits)
    faults += _layout_faults(members, file, directory_start)
    faults += _total_faults(members, limits)
    return faults


def _tree_faults(members: Sequence[Member], limits: Limits) -> Iterator[Fault]:
    """Find entries that claim one place, or folders without number; names must be sound."""
    paths = {""}
    for member in members:
        path = member.path
        while path not in paths:
            paths.add(path)
            path = path.rpartition("/")[0]
        if len(paths) > limits.entries + 1:
            found = f"makes files and folders more than {limits.entries}"
            yield Fault(member.name, found, f"{_RAISE} (entries)")
            return
    yield from collisions((member.path, member.is_folder) for member in members)


def _entry_faults(member: Member, limits: Limits) -> Iterator[Fault]:
    info, name = member.info, member.name
    if kind := _KINDS.get(stat.S_IFMT(info.external_attr >> 16)):
        yield Fault(name, f"is {kind}", _REPACK)
    if info.flag_bits & _ENCRYPTED:
        yield Fault(name, "is encrypted", _REPACK)
    if info.compress_type not in _METHODS:
        method = _METHOD_NAMES.get(info.compress_type, "unknown")
        yield Fault(name, f"is compressed by method {info.compress_type} ({method})", _REPACK)
    if info.compress_type == zipfile.ZIP_STORED and info.file_size != info.compress_size:
        sizes = f"{info.compress_size} bytes as {info.file_size}"
        yield Fault(name, f"stores {sizes}", _AGAIN)
    if member.is_folder and info.file_size:
        yield Fault(name, f"is a folder that holds {info.file_size} bytes", _AGAIN)
    yield from _ratio_faults(name, info.file_size, info.compress_size, limits)


def _ratio_faults(name: str, size: int, packed: int, limits: Limits) -> Iterator[Fault]:
    if size > limits.ratio_from_bytes and size > limits.ratio * packed:
        found = f"unpacks {packed} bytes to {size}, over {limits.ratio:g} times as many"
        yield Fault(name, found, f"{_RAISE} (ratio)")


def _total_faults(members: Sequence[Member], limits: Limits) -> Iterator[Fault]:
    size = sum(member.info.file_size for member in members)
    packed = sum(member.info.compress_size for member in members)
    largest = max(members, key=lambda member: member.info.file_size, default=None)
    if largest is None:
        return
    if size > limits.total_bytes:
        found = f"is the largest of {size} bytes in all; allowed: {limits.total_bytes}"
        yield Fault(largest.name, found, f"{_RAISE} (total_bytes)")
    for fault in _ratio_faults(largest.name, size, packed, limits):
        yield Fault(fault.entry, f"is the largest of an archive that {fault.reason}", fault.remedy)


def _layout_faults(members: Sequence[Member], file: BinaryIO, end: int) -> Iterator[Fault]:
    """Find entries without a header of their own, or whose data run into what follows."""
    spans = []
    for member in sorted(members, key=lambda member: member.info.header_offset):
        start = member.info.header_offset
        data_start = _data_start(file, start) if 0 <= start < end else None
        if data_start is None:
            yield Fault(member.name, "is not where the directory says", _AGAIN)
        else:
            spans.append((start, data_start + member.info.compress_size, member.name))
    spans.append((end, end, "the directory of the archive"))
    for (_, stop, name), (following, _, other) in pairwise(spans):
        if stop > following:
            yield Fault(name, f"overlaps {shorten(other)}", _AGAIN)


def _data_start(file: BinaryIO, offset: int) -> int | None:
    file.seek(offset)
    header = file.read(_LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size:
        return None
    signature, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(header)
    if signature != _LOCAL_SIGNATURE:
        return None
    return offset + _LOCAL_HEADER.size + int(name_bytes) + int(extra_bytes)

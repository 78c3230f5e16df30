"""Zip archives made byte by byte, so that every field can lie."""

import struct
import zlib
from dataclasses import dataclass, field

STORED, DEFLATED = 0, 8
LINK, REGULAR, FOLDER = 0o120777, 0o100644, 0o040755


@dataclass
class Entry:
    """One entry; every field that is None is what an honest archiver would write."""

    name: bytes
    data: bytes = b"pixels"
    method: int = STORED
    flags: int = 0x800
    mode: int = REGULAR
    system: int = 3
    crc: int | None = None
    file_size: int | None = None
    compress_size: int | None = None
    local_name: bytes | None = None
    local_signature: bytes = b"PK\x03\x04"
    version: int = 20
    offset: int | None = None
    packed: bytes = field(init=False)

    def __post_init__(self) -> None:
        self.packed = _deflate(self.data) if self.method == DEFLATED else self.data

    def _facts(self) -> bytes:
        crc = zlib.crc32(self.data) if self.crc is None else self.crc
        size = len(self.data) if self.file_size is None else self.file_size
        packed = len(self.packed) if self.compress_size is None else self.compress_size
        head = struct.pack("<HHHHH", self.version, self.flags, self.method, 0, 0x21)
        return head + struct.pack("<LLL", crc, packed, size)

    def local(self) -> bytes:
        """Return local header and data."""
        name = self.name if self.local_name is None else self.local_name
        lengths = struct.pack("<HH", len(name), 0)
        return self.local_signature + self._facts() + lengths + name + self.packed

    def central(self, offset: int) -> bytes:
        """Return the entry in the directory of the archive."""
        rest = struct.pack("<HHHHHLL", len(self.name), 0, 0, 0, 0, self.mode << 16, offset)
        made_by = struct.pack("<BB", 20, self.system)
        return b"PK\x01\x02" + made_by + self._facts() + rest + self.name


def build(*entries: Entry) -> bytes:
    """Return the archive of `entries`; one with an `offset` has no data of its own."""
    body, directory = b"", b""
    for entry in entries:
        directory += entry.central(len(body) if entry.offset is None else entry.offset)
        body += entry.local() if entry.offset is None else b""
    return body + directory + end(len(entries), len(directory), len(body))


def end(entries: int, size: int, offset: int) -> bytes:
    """Return the end record of an archive."""
    return struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, entries, entries, size, offset, 0)


def _deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()

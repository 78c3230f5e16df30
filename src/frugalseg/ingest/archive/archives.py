"""Unpack an untrusted zip archive."""

import copy
import io
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.archive.checks import Member, find_faults, member_of
from frugalseg.ingest.archive.names import Fault, describe, is_clutter, shorten
from frugalseg.settings.dataset import LimitParams

_CHUNK = 1 << 20
_DIRECTORY_BYTES_PER_ENTRY = 256
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What zipfile may raise on archives that are damaged or made to deceive."""


def extract(archive: Path, target: Path, limits: LimitParams, *, threads: int = 1) -> list[str]:
    """Unpack the zip `archive` into the new folder `target`.

    All entries are checked before the first is unpacked, and every fault is named. After an error
    `target` does not exist. Archives in the archive stay files; clutter (see `is_clutter`) is left
    out; permissions and times are not kept. Memory does not depend on the size of the files.

    Args:
        archive: a zip file, its entries stored or deflated.
        target: must not exist.
        limits: what the archive may hold; `pixels` is not used here.
        threads: how many files are unpacked at a time.

    Returns:
        The names of the files that were left out.

    Raises:
        FrugalsegError: naming the archive, all faulty entries and the remedies.
    """
    if os.path.lexists(target):
        raise FrugalsegError(f"{target}: already exists; remove it, so that it can be unpacked.")
    with _opened(archive, limits) as (file, members, clutter):
        _check_room(archive, members, target)
        try:
            target.mkdir(parents=True)
            try:
                _refuse(archive, _unpack(file, members, target, threads))
            except BaseException:
                shutil.rmtree(target, ignore_errors=True)
                raise
        except OSError as error:
            raise FrugalsegError(
                f"{archive}: cannot be unpacked into {target}: {error}. "
                "Make room or grant write access there, and run again."
            ) from error
        return clutter


class _Guard(io.BufferedReader):
    """A file that refuses to be read in one piece larger than `most` bytes.

    zipfile reads the whole directory of an archive at once and makes objects of it before any
    entry can be counted.
    """

    def __init__(self, path: Path, most: int) -> None:
        super().__init__(io.FileIO(path))
        self._most = most

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > self._most:
            raise FrugalsegError(
                f"{self.name}: its directory takes {size} bytes; allowed: {self._most}. "
                "If you trust the archive, raise the limit `entries`."
            )
        return super().read(size)


@contextmanager
def _opened(
    archive: Path, limits: LimitParams
) -> Iterator[tuple[zipfile.ZipFile, list[Member], list[str]]]:
    """Open `archive`, list what is to be unpacked, and name the other files.

    Raises FrugalsegError on any fault.
    """
    try:
        guard = _Guard(archive, max(limits.entries * _DIRECTORY_BYTES_PER_ENTRY, 2 * _CHUNK))
    except OSError as error:
        raise FrugalsegError(f"{archive}: cannot be read: {error.strerror}.") from error
    with guard, _parsed(archive, guard) as file:
        members = [member_of(info) for info in file.infolist()]
        _refuse(archive, find_faults(members, guard, file.start_dir, limits))
        useful = [member for member in members if member.path and not is_clutter(member.path)]
        clutter = [m.path for m in members if is_clutter(m.path) and not m.is_folder]
        if all(member.is_folder for member in useful):
            raise FrugalsegError(f"{archive}: holds no files. Get or pack the archive again.")
        yield file, useful, clutter


def _parsed(archive: Path, guard: _Guard) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(guard)
    except UnicodeDecodeError as error:
        name = shorten(error.object.decode("utf-8", "backslashreplace"))
        raise FrugalsegError(
            f"{archive}: the name of entry {name} is marked as UTF-8 but is not. "
            "Rename the file and pack the archive again."
        ) from error
    except (*_BROKEN, OSError) as error:
        raise FrugalsegError(
            f"{archive}: expected a whole zip archive, but its {archive.stat().st_size} bytes are "
            f"not one ({error}). Get it again, and check its size and checksum."
        ) from error


def _check_room(archive: Path, members: Sequence[Member], target: Path) -> None:
    needed = sum(member.info.file_size for member in members)
    existing = next(folder for folder in target.absolute().parents if folder.exists())
    free = shutil.disk_usage(existing).free
    if needed > free:
        raise FrugalsegError(
            f"{archive}: unpacks to {needed} bytes, but {existing} has {free} left. Make room."
        )


def _refuse(archive: Path, faults: Sequence[Fault]) -> None:
    if faults:
        raise FrugalsegError(f"{archive}: refused, nothing was unpacked:\n{describe(faults)}")


def _unpack(
    file: zipfile.ZipFile, members: Sequence[Member], folder: Path, threads: int
) -> list[Fault]:
    """Unpack every entry; return the faults in the order of the entries."""
    paths = {folder / m.path if m.is_folder else (folder / m.path).parent for m in members}
    for path in paths:
        path.mkdir(parents=True, exist_ok=True)
    files = [member for member in members if not member.is_folder]
    opening = Lock()

    def unpack(start: int) -> list[tuple[int, Fault]]:
        """Unpack every entry of one thread: one future per entry would not be bounded memory."""
        faults = []
        for place in range(start, len(files), threads):
            member = files[place]
            try:
                _unpack_file(file, member.info, folder / member.path, opening)
            except _BROKEN as error:
                reason = f"cannot be unpacked ({error or type(error).__name__})"
                remedy = "get the archive again; it is damaged"
                faults.append((place, Fault(member.name, reason, remedy)))
        return faults

    with ThreadPoolExecutor(threads) as pool:
        pairs = [pair for faults in pool.map(unpack, range(threads)) for pair in faults]
    return [fault for _, fault in sorted(pairs, key=lambda pair: pair[0])]


def _unpack_file(file: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, opening: Lock) -> None:
    # zipfile stops at the size in the header and takes that for the end of the data. Allowed more,
    # it goes on to the real end, where it checks the CRC of everything.
    longer = copy.copy(info)
    longer.file_size += _CHUNK
    written = 0
    with opening:  # reading is thread-safe, counting the readers is not
        source = file.open(longer)
    try:
        with path.open("xb") as sink:
            while written <= info.file_size and (chunk := source.read(_CHUNK)):
                written += sink.write(chunk)
    finally:
        with opening:
            source.close()
    if written != info.file_size:
        actual = "more" if written > info.file_size else f"{written}"
        raise zipfile.BadZipFile(f"declared {info.file_size} bytes, found {actual}")

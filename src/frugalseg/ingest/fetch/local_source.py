"""`file:` sources: an archive or a folder that is on this machine already."""

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import sha256
from frugalseg.ingest.archive.packing import list_files, pack

PREFIX = "file:"
DATA = "FRUGALSEG_DATA"
"""Environment variable: a folder where sources are looked for besides the current one."""

_EDGE = 1 << 20


def data_folders() -> list[Path]:
    """Return the folders where sources are looked for besides the current one."""
    folder = os.environ.get(DATA)
    return [Path(folder)] if folder else []


def candidates(name: str, search: Sequence[Path]) -> list[Path]:
    """Return where a file called `name` may lie: as it is, then below each folder of `search`."""
    path = Path(name).expanduser()
    return [path] if path.is_absolute() else [path, *(folder / path for folder in search)]


def find_source(source: str, search: Sequence[Path]) -> Path:
    """Return the path that `file:PATH` stands for.

    Raises:
        FrugalsegError: naming every place that was looked at.
    """
    name = source.removeprefix(PREFIX)
    places = candidates(name, search) if name.strip() else []
    for path in places:
        if path.exists():
            return path
    tried = ", ".join(map(str, places)) or "nowhere, as no path was given"
    raise FrugalsegError(
        f"{source}: not found. Looked at: {tried}. Put it there, correct the path, or set the "
        f"environment variable {DATA} to the folder that holds it."
    )


def take(path: Path, target: Path) -> None:
    """Make `target` a copy of the archive at `path`, or an archive of the folder at `path`.

    Raises:
        FrugalsegError: the folder cannot be packed, or `path` is neither file nor folder.
        OSError: a file cannot be read or written.
    """
    if path.is_dir():
        pack(path, target)
    elif path.is_file():
        _copy(path, target)
    else:
        raise FrugalsegError(f"{path}: expected a zip archive or a folder, found neither.")


def fingerprint(
    source: str, search: Sequence[Path], hash_file: Callable[[Path], str] = sha256
) -> str:
    """Return an identity of a `file:` source: the same wherever it lies, another once it changes.

    Of a file it is a hash of its size and of its first and last MiB: a zip archive ends with the
    CRC-32 of all it holds. Of a folder it is a hash of all paths and contents. Of what is missing
    or unreadable, and of other sources, it is "".

    Args:
        source: `file:PATH`, or the address of anything else.
        search: folders in which a relative path is looked for.
        hash_file: hashes one file of a folder; whoever asks often may remember the answers.
    """
    if not source.startswith(PREFIX):
        return ""
    try:
        path = find_source(source, search)
        digest = _folder_digest(path, hash_file) if path.is_dir() else _file_digest(path)
    except (FrugalsegError, OSError):
        return ""
    return digest


def _file_digest(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        digest = hashlib.sha256(f"{size}\n".encode())
        digest.update(file.read(_EDGE))
        file.seek(max(size - _EDGE, 0))
        digest.update(file.read(_EDGE))
    return digest.hexdigest()


def _folder_digest(folder: Path, hash_file: Callable[[Path], str]) -> str:
    digest = hashlib.sha256()
    for name in sorted(list_files(folder)):
        path = folder / name
        line = f"{name}\0{hash_file(path) if path.is_file() else 'no file'}\n"
        digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _copy(path: Path, target: Path) -> None:
    # No hard link: to touch, protect or replace the copy would do the same to the user's file.
    try:
        _clone(path, target)
    except (AttributeError, OSError):
        shutil.copyfile(path, target)


def _clone(path: Path, target: Path) -> None:
    """Copy within the kernel (Linux), which shares the blocks where the file system can."""
    with path.open("rb") as source, target.open("wb") as sink:
        left = os.fstat(source.fileno()).st_size
        while left:
            copied = os.copy_file_range(source.fileno(), sink.fileno(), left)
            if not copied:
                raise OSError(f"{path} ended early")
            left -= copied

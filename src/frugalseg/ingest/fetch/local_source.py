"""`file:` sources: an archive or a folder on this machine."""

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
"""Environment variable: a folder that is searched for sources besides the current one."""

_EDGE = 1 << 20


def data_folders() -> list[Path]:
    """Return the folders that are searched for sources besides the current one."""
    folder = os.environ.get(DATA)
    return [Path(folder)] if folder else []


def candidates(name: str, search: Sequence[Path]) -> list[Path]:
    """Return where the file `name` may be: at that path, then below each folder of `search`."""
    path = Path(name).expanduser()
    return [path] if path.is_absolute() else [path, *(folder / path for folder in search)]


def find_source(source: str, search: Sequence[Path]) -> Path:
    """Return the path of `file:PATH`; raises FrugalsegError naming every path that was tried."""
    name = source.removeprefix(PREFIX)
    places = candidates(name, search) if name.strip() else []
    for path in places:
        if path.exists():
            return path
    tried = ", ".join(map(str, places)) or "nothing, since the source gives no path"
    raise FrugalsegError(
        f"{source}: not found. Tried: {tried}. Put it there, correct the path, or set the "
        f"environment variable {DATA} to the folder that holds it."
    )


def take(path: Path, target: Path) -> None:
    """Make `target` a copy of the archive at `path`, or an archive of the folder at `path`.

    Raises FrugalsegError if it cannot be packed or is neither, OSError if it cannot be copied.
    """
    if path.is_dir():
        pack(path, target)
    elif path.is_file():
        # not a hard link: changing or protecting the copy would do the same to the user's file
        shutil.copyfile(path, target)
    else:
        raise FrugalsegError(f"{path}: expected a zip archive or a folder, found neither.")


def fingerprint(
    source: str, search: Sequence[Path], hash_file: Callable[[Path], str] = sha256
) -> str:
    """Return a hash of a `file:` source that does not depend on where it lies.

    The hash of a file covers its size and its first and last MiB: a zip archive ends with the
    CRC-32 of all it holds. The hash of a folder covers all paths and contents.

    Args:
        source: `file:PATH`, or the address of anything else.
        search: folders in which a relative path is searched.
        hash_file: hashes one file of a folder; a caller that asks often may pass a cache.

    Returns:
        Hex digits; "" for a source that is missing, unreadable or not `file:`.
    """
    if not source.startswith(PREFIX):
        return ""
    try:
        path = find_source(source, search)
        return _folder_digest(path, hash_file) if path.is_dir() else _file_digest(path)
    except (FrugalsegError, OSError):
        return ""


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

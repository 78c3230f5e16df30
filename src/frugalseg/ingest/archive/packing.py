"""Pack a user's folder into an archive, the same way every time."""

import os
import re
import shutil
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import replacing
from frugalseg.ingest.archive.names import Fault, collisions, describe, is_from_macos, name_faults

_LINK = "put the files themselves there, or name the folder that they really lie in as the source"
_DVC_CACHE = re.compile(r"(?:^|/)(?:files/md5/)?[0-9a-f]{2}/[0-9a-f]{30}(?:\.dir)?$")
"""A file of DVC's cache, which is called by its checksum."""


def pack(folder: Path, archive: Path) -> None:
    """Pack the files of `folder` into the zip `archive`; the same files give the same bytes.

    Entries are sorted, stored, and dated 1980; empty folders and what macOS adds are left out.
    A link to a file inside the folder is packed as that file.

    Raises:
        FrugalsegError: naming all that cannot be packed: links out of the folder or to a folder,
            devices, names that `archives.extract` would refuse; or the folder has no files, or
            holds the archive.
    """
    if archive.resolve().is_relative_to(folder.resolve()):
        raise FrugalsegError(f"{archive} lies inside {folder}, which goes into it. Move either.")
    try:
        names = sorted(list_files(folder))
        _check(folder, names)
        with replacing(archive) as partial, zipfile.ZipFile(partial, "w") as file:
            for name in names:
                _pack_file(file, folder / name, name)
    except OSError as error:
        raise FrugalsegError(
            f"{folder}: cannot be packed into {archive}: {error}. "
            "Make room or grant read and write access there, and run again."
        ) from error


def list_files(folder: Path) -> Iterator[str]:
    """List all files below `folder`, in no order, except those that macOS adds.

    Paths are relative, with slashes. A link to a folder is listed and not followed. Raises OSError
    if a folder cannot be read.
    """

    def fail(error: OSError) -> None:
        raise error

    for parent, folders, files in os.walk(folder, onerror=fail):
        links = [name for name in folders if Path(parent, name).is_symlink()]
        for name in (*links, *files):
            path = Path(parent, name).relative_to(folder).as_posix()
            if not is_from_macos(path):
                yield path


def _check(folder: Path, names: list[str]) -> None:
    faults = [fault for name in names for fault in _file_faults(folder, name)]
    faults += [fault for name in names for fault in name_faults(name)]
    faults += collisions((name, False) for name in names)
    if faults:
        raise FrugalsegError(f"{folder}: cannot be packed:\n{describe(faults)}")
    if not names:
        raise FrugalsegError(f"{folder}: expected a folder with files, found none.")


def _file_faults(folder: Path, name: str) -> Iterator[Fault]:
    path = folder / name
    # not Path.resolve(), which in Python 3.11 and 3.12 raises on a link to itself
    real = Path(os.path.realpath(path))
    if path.is_symlink() and not real.is_relative_to(os.path.realpath(folder)):
        is_cached = _DVC_CACHE.search(real.as_posix())
        copies = f"replace links into DVC's cache by copies: `dvc unprotect {folder}`, or `cp -rL`"
        yield Fault(name, "is a link that leaves the folder", copies if is_cached else _LINK)
    elif path.is_dir():
        yield Fault(name, "is a link to a folder", _LINK)
    elif path.is_symlink() and not real.is_file():
        yield Fault(name, "is a link to no file", _LINK)
    elif not path.is_file():
        yield Fault(name, "is neither a file nor a folder", "take it out of the folder")


def _pack_file(file: zipfile.ZipFile, path: Path, name: str) -> None:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.create_system = 3  # Unix on every system, so that the bytes are the same
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    with path.open("rb") as source:
        # if the size is known beforehand, zipfile writes no larger headers than the file needs
        info.file_size = os.fstat(source.fileno()).st_size
        with file.open(info, "w") as sink:
            shutil.copyfileobj(source, sink, 1 << 20)

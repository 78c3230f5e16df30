"""Calls of DVC, and a check of its cache for damaged files.

DVC trusts the names in its cache and never reads a file again: it would return a file that a disk
has damaged, put it in place of intact files of that content, and push it.
"""

import hashlib
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from pathlib import Path

import yaml

from frugalseg.core.files import read_json, read_json_or
from frugalseg.provenance import workflow

LOCK = Path("dvc.lock")
FOLDER = ".dir"
"""Suffix of the listing of a folder."""

RWLOCK = Path(".dvc/tmp/rwlock")
"""DVC's list of the processes that read and write outputs."""
WRITE_SECONDS = 0.5
"""Time after which a list that DVC is writing is complete."""


def dvc(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Call DVC in the current folder."""
    command = [sys.executable, "-m", "dvc", *arguments]
    return subprocess.run(
        command, env=workflow.environment(), capture_output=True, text=True, check=False
    )


def remove_broken_rwlock() -> str:
    """Remove DVC's rwlock if it was cut off; return a message for the user, or "".

    A DVC that is killed while it writes the file leaves it empty, and then every DVC stops at it
    (github.com/treeverse/dvc/issues/7615). A file that is being written is left alone.
    """
    for _ in range(2):
        try:
            read_json(RWLOCK)
        except FileNotFoundError:
            return ""
        except ValueError:
            time.sleep(WRITE_SECONDS)
        else:
            return ""
    RWLOCK.unlink(missing_ok=True)
    return f"Removed {RWLOCK}, which a killed DVC had left incomplete."


def drop_damaged(outputs: Collection[str]) -> list[str]:
    """Remove damaged files from DVC's cache; return the outputs whose content they held.

    Args:
        outputs: outputs whose content is checked, together with all listings of folders. Nothing
            is done if there are none, or DVC does not know the study.
    """
    if not outputs or not LOCK.is_file():
        return []
    cache = dvc("cache", "dir")
    if cache.returncode:
        return []
    damaged = []
    for path, file in _entries(Path(cache.stdout.strip())):
        is_checked = path in outputs or file.name.endswith(FOLDER)
        if is_checked and file.is_file() and not _is_intact(file):
            file.unlink()
            damaged.append(path)
    return damaged


def _entries(cache: Path) -> Iterator[tuple[str, Path]]:
    """Yield every path that `dvc.lock` names, also those within folders, and its cached file."""
    stages = (yaml.safe_load(LOCK.read_text(encoding="utf-8")) or {}).get("stages", {})
    for out in (out for stage in stages.values() for out in stage.get("outs", [])):
        file = _file(cache, out["md5"])
        listing = read_json_or(file, []) if file.name.endswith(FOLDER) else []
        yield out["path"], file
        for entry in listing:
            yield f"{out['path']}/{entry['relpath']}", _file(cache, entry["md5"])


def _file(cache: Path, md5: str) -> Path:
    return cache / "files" / "md5" / md5[:2] / md5[2:]


def _is_intact(file: Path) -> bool:
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False))
    return file.parent.name + file.name.removesuffix(FOLDER) == digest.hexdigest()

"""Calling DVC, and looking at its cache for damage.

DVC goes by the names in its cache and does not read again what it once took in: what a disk has
spoiled there it gives back, puts in the place of sound files of that content, and sends on.
"""

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from pathlib import Path

import yaml

from frugalseg.provenance import workflow

LOCK = Path("dvc.lock")
FOLDER = ".dir"
"""What the name of a folder's listing ends with."""

USERS = Path(".dvc/tmp/rwlock")
WRITTEN = 0.5
"""Seconds in which a list that somebody writes is whole again."""


def dvc(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Call DVC in the current folder."""
    command = [sys.executable, "-m", "dvc", *arguments]
    return subprocess.run(
        command, env=workflow.environment(), capture_output=True, text=True, check=False
    )


def mend() -> str:
    """Take away DVC's list of who reads and writes if it was cut off; say so, or "".

    A DVC that is killed while it writes the list leaves an empty one, and every later DVC stops at
    it (github.com/treeverse/dvc/issues/7615). A list that is only just being written is left alone.
    """
    for _ in range(2):
        try:
            json.loads(USERS.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return ""
        except ValueError:
            time.sleep(WRITTEN)
        else:
            return ""
    USERS.unlink(missing_ok=True)
    return f"A DVC that was killed had left {USERS} cut off: taken away."


def drop_damaged(outputs: Collection[str]) -> list[str]:
    """Take out of DVC's cache what is not what its name says; return whose content it was.

    Args:
        outputs: paths whose content is looked at, and the listings of all folders with it. Nothing
            is done if there are none, or DVC does not know the study.
    """
    if not outputs or not LOCK.is_file():
        return []
    told = dvc("cache", "dir")
    if told.returncode:
        return []
    found = []
    for path, file in _entries(Path(told.stdout.strip())):
        is_asked = path in outputs or file.name.endswith(FOLDER)
        if is_asked and file.is_file() and not _is_sound(file):
            file.unlink()
            found.append(path)
    return found


def _entries(cache: Path) -> Iterator[tuple[str, Path]]:
    """Yield every path that `dvc.lock` names, also those within folders, and its cached file."""
    stages = (yaml.safe_load(LOCK.read_text(encoding="utf-8")) or {}).get("stages", {})
    for out in (out for stage in stages.values() for out in stage.get("outs", [])):
        file = _file(cache, out["md5"])
        within = _listed(file) if file.name.endswith(FOLDER) else []
        yield out["path"], file
        for entry in within:
            yield f"{out['path']}/{entry['relpath']}", _file(cache, entry["md5"])


def _listed(listing: Path) -> list[dict[str, str]]:
    try:
        entries: list[dict[str, str]] = json.loads(listing.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return entries


def _file(cache: Path, md5: str) -> Path:
    return cache / "files" / "md5" / md5[:2] / md5[2:]


def _is_sound(file: Path) -> bool:
    with file.open("rb") as content:
        found = hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False))
    return file.parent.name + file.name.removesuffix(FOLDER) == found.hexdigest()

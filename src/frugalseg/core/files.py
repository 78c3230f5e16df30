"""Files that are written whole or not at all."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:  # the command line and the workflow do without
    import pandas as pd

Content = TypeVar("Content", dict[str, Any], list[Any])


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a path to write to; it replaces `path` unless an exception was raised."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    try:
        yield partial
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def write_csv(path: Path, table: "pd.DataFrame") -> None:
    """Write a table as CSV; the same values give the same bytes."""
    with replacing(path) as partial:
        table.to_csv(partial, index=False, lineterminator="\n")


def write_json(path: Path, content: Any) -> None:
    """Write JSON with sorted keys.

    Raises:
        TypeError: a value of a type that JSON lacks, such as a path or a NumPy integer.
        ValueError: NaN or infinity, which JSON lacks too; write None, or leave the key out.
    """
    with replacing(path) as partial:
        text = json.dumps(content, indent=2, sort_keys=True, allow_nan=False)
        partial.write_text(text + "\n", encoding="utf-8")


def read_json(path: Path) -> Any:
    """Read a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def read_json_or(path: Path, default: Content) -> Content:
    """Read a JSON file; return `default` if it is missing, damaged or of another type."""
    try:
        content = read_json(path)
    except (OSError, ValueError):
        return default
    return content if isinstance(content, type(default)) else default


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Snakemake's own records: what it knows of every output, one JSON file each.

They lie in `.snakemake/metadata`, which stays on its machine. Their names are the outputs' paths in
URL-safe base64, cut into folders where a name would grow too long (Snakemake's record format 6;
`tests/provenance/test_records.py` compares with Snakemake itself).
"""

import json
import os
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Any

from frugalseg.core.files import replacing
from frugalseg.provenance.hashes import TOLERANCE

FORMAT = 6
"""The version of Snakemake's records that `provenance` writes."""

Record = dict[str, Any]


class Records:
    """The records below one `.snakemake` folder."""

    def __init__(self, folder: Path = Path(".snakemake")) -> None:
        """Take the folder; it need not exist."""
        self.folder = folder

    def exist(self) -> bool:
        """Say whether there is any record."""
        metadata = self.folder / "metadata"
        return metadata.is_dir() and any(metadata.iterdir())

    def read(self, output: str) -> Record | None:
        """Return the record of an output; None if there is none, or a damaged one."""
        try:
            record = json.loads(self._path("metadata", output).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return record if isinstance(record, dict) and record else None

    def write(self, output: str, record: Record) -> None:
        """Write or replace the record of an output."""
        with replacing(self._path("metadata", output)) as partial:
            partial.write_text(json.dumps(record), encoding="utf-8")

    def remove(self, output: str) -> None:
        """Remove the record of an output, if there is one."""
        self._path("metadata", output).unlink(missing_ok=True)

    def is_of(self, output: str) -> bool:
        """Say whether the file is the one that its record was written for, by its time."""
        record = self.read(output)
        if record is None or record.get("endtime") is None:
            return False
        return abs(float(record["endtime"]) - modified(output)) < TOLERANCE

    def is_incomplete(self, output: str) -> bool:
        """Say whether a job that makes this output was begun and has not ended."""
        return self._path("incomplete", output).exists()

    def _path(self, kind: str, output: str) -> Path:
        name = urlsafe_b64encode(output.encode()).decode()
        size = os.pathconf("/", "PC_NAME_MAX") - 1
        parts = [name[start : start + size] for start in range(0, len(name), size)]
        folders = [f"@{part}" for part in parts[:-1]]
        return self.folder.joinpath(kind, *folders, parts[-1])


def modified(path: str | Path) -> float:
    """Return when a file, or the link that stands for it, was last written; in seconds."""
    return os.lstat(path).st_mtime

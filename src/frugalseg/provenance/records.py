"""Snakemake's own records: what it knows of every output, one JSON file each.

They lie in `.snakemake/metadata`, which stays on its machine. Their names are the outputs' paths in
URL-safe base64, cut into folders where a name would grow too long. All that we know of Snakemake's
record format 6 stands in this module; `tests/provenance/test_records.py` compares with Snakemake.
"""

import json
import os
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from frugalseg.core.files import replacing
from frugalseg.provenance.hashes import TOLERANCE

FORMAT = 6
"""The version of Snakemake's records that `provenance` writes."""

PORTABLE = ("rule", "input", "log", "shellcmd", "code", "software_stack_hash", "job_hash")
"""Fields of a record that hold elsewhere too; its parameters are the field `params`."""

PER_RUN = "job_hash"
"""The portable field that differs in every run."""

_SHA256 = "sha256:"

Record = dict[str, Any]


def complete(portable: Record, sha256: Mapping[str, str], begun: float, ended: float) -> Record:
    """Return the record of an output whose job ran from `begun` to `ended`, in seconds.

    Args:
        portable: the fields PORTABLE, and `params`.
        sha256: of the inputs, by path.
    """
    return portable | {
        "conda_env": None,
        "container_img_url": None,
        "external_jobid": None,
        "input_checksums": {path: f"{_SHA256}{value}" for path, value in sha256.items()},
        "record_format_version": FORMAT,
        "starttime": begun,
        "endtime": ended,
        "incomplete": False,
    }


def times(record: Record) -> tuple[float, float]:
    """Return when the job of a record began and ended, in seconds."""
    return float(record["starttime"]), float(record["endtime"])


def input_hashes(record: Record | None) -> dict[str, str]:
    """Return the SHA-256 of the inputs that Snakemake hashed: those of small files."""
    checksums = (record or {}).get("input_checksums") or {}
    return {path: str(value).removeprefix(_SHA256) for path, value in checksums.items()}


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

    def restamp(self, output: str, time: float) -> None:
        """Let the job of an output have ended at `time`, in seconds."""
        self.write(output, (self.read(output) or {}) | {"endtime": time})

    def end_of(self, output: str) -> float | None:
        """Return when the job of an output ended, in seconds; None without a record."""
        record = self.read(output)
        return None if record is None else float(record.get("endtime") or 0)

    def inputs_of(self, output: str) -> list[str]:
        """Return the inputs of the job of an output; none without a record."""
        return list((self.read(output) or {}).get("input", []))

    def remove(self, output: str) -> None:
        """Remove the record of an output, if there is one."""
        self._path("metadata", output).unlink(missing_ok=True)

    def is_of(self, output: str) -> bool:
        """Say whether the file is the one that its record was written for, by its time."""
        ended = self.end_of(output)
        return bool(ended) and abs((ended or 0.0) - modified(output)) < TOLERANCE

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

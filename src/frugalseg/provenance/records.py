"""Snakemake's records of outputs, one JSON file each.

They lie in `.snakemake/metadata`, which stays on its machine, and are named after the output's path
in URL-safe base64, cut into folders where a name would be too long. Only this module knows
Snakemake's record format 6; `tests/provenance/test_records.py` compares it with Snakemake.
"""

import json
import os
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from frugalseg.core.files import read_json_or, replacing
from frugalseg.provenance.hashes import TOLERANCE

FORMAT = 6
"""The version of the record format."""

PORTABLE = ("rule", "input", "log", "shellcmd", "code", "software_stack_hash", "job_hash")
"""Fields of a record that hold on every machine, besides `params`."""

PER_RUN = "job_hash"
"""The portable field that differs from run to run."""

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


def input_hashes(record: Record) -> dict[str, str]:
    """Return the SHA-256 of the inputs that Snakemake hashed, which are small files."""
    checksums = record.get("input_checksums") or {}
    return {path: str(value).removeprefix(_SHA256) for path, value in checksums.items()}


class Records:
    """The records in one `.snakemake` folder."""

    def __init__(self, folder: Path = Path(".snakemake")) -> None:
        """Use a folder, which need not exist."""
        self.folder = folder

    def exist(self) -> bool:
        """Return whether there is any record."""
        metadata = self.folder / "metadata"
        return metadata.is_dir() and any(metadata.iterdir())

    def read(self, output: str) -> Record:
        """Return the record of an output; empty if it is missing or damaged."""
        return read_json_or(self._path("metadata", output), {})

    def write(self, output: str, record: Record) -> None:
        """Write or replace the record of an output."""
        with replacing(self._path("metadata", output)) as partial:
            partial.write_text(json.dumps(record), encoding="utf-8")

    def end_of(self, output: str) -> float | None:
        """Return when the job of an output ended, in seconds; None without a record."""
        record = self.read(output)
        return float(record.get("endtime") or 0) if record else None

    def remove(self, output: str) -> None:
        """Remove the record of an output, if there is one."""
        self._path("metadata", output).unlink(missing_ok=True)

    def is_of(self, output: str) -> bool:
        """Return whether the record of an output was written for this file, by its time."""
        ended = self.end_of(output) or 0.0
        return ended > 0 and abs(ended - modified(output)) < TOLERANCE

    def is_incomplete(self, output: str) -> bool:
        """Return whether a job that makes this output has begun and not ended."""
        return self._path("incomplete", output).exists()

    def _path(self, kind: str, output: str) -> Path:
        name = urlsafe_b64encode(output.encode()).decode()
        size = os.pathconf("/", "PC_NAME_MAX") - 1
        *folders, last = [name[start : start + size] for start in range(0, len(name), size)]
        return self.folder.joinpath(kind, *(f"@{folder}" for folder in folders), last)


def modified(path: str | Path) -> float:
    """Return when a file, or a link itself, was last changed, in seconds."""
    return os.lstat(path).st_mtime

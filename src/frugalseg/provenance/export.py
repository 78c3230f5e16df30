"""Where outputs come from, in files that git keeps: `provenance/<stage>.json`.

A clone has neither Snakemake's records nor the times of files. So for every job of a stage such a
file holds what Snakemake would know (rule, inputs, parameters), and the SHA-256 of every output and
input: a record speaks of one content and not of whatever lies at a path.
"""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json, write_json
from frugalseg.provenance.hashes import Hashes
from frugalseg.provenance.records import PER_RUN, PORTABLE, Record, Records, complete, times

FOLDER = Path(paths.PROVENANCE)


@dataclass(frozen=True)
class Origin:
    """Where one output comes from.

    Attributes:
        record: what Snakemake knew of it, without times; an input may stand there twice.
        inputs: SHA-256 of every input when the job ran; "" of one that was gone by then.
        sha256: of the output itself.
        times: when its job began and ended, in seconds; of the first to make it so.
    """

    record: Record
    inputs: dict[str, str]
    sha256: str
    times: tuple[float, float]

    def as_record(self, endtime: float) -> Record:
        """Return Snakemake's record of the output, for a file last written at `endtime`."""
        inputs = {path: value for path, value in self.inputs.items() if value}
        return complete(self.record, inputs, endtime - (self.times[1] - self.times[0]), endtime)

    def tells(self, record: Record, inputs: Mapping[str, str], sha256: str) -> bool:
        """Say whether this is what there is to tell of an output, but for when it was made."""
        told = {*PORTABLE, "params"} - {PER_RUN}
        same = all(self.record[name] == record[name] for name in told)
        return same and self.inputs == inputs and self.sha256 == sha256


def file_of(stage: str, folder: Path = FOLDER) -> Path:
    """Return the file of a stage, named as DVC names it: `train@builtin`, `report`."""
    return folder / f"{stage}.json"


def load_origins(folder: Path = FOLDER) -> dict[str, Origin]:
    """Return where every output of every stage comes from, by path.

    Raises:
        FrugalsegError: a file is damaged, or holds a merge that nobody settled.
    """
    found: dict[str, Origin] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            found |= _origins(read_json(path))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise FrugalsegError(
                f"{path}: expected the provenance of a stage, found something else ({error}). Take "
                f"it from git again (git checkout -- {path}), or delete it: its outputs are then "
                "made again."
            ) from None
    return found


def _before(file: Path) -> dict[str, Origin]:
    """Return what an earlier export says; nothing if there is none, or it is damaged."""
    try:
        return _origins(read_json(file))
    except (OSError, KeyError, TypeError, ValueError, IndexError):
        return {}


def fetched_from(dataset: str, folder: Path = FOLDER) -> str:
    """Return the fingerprint of the local source that an archive was taken from; "" if unknown."""
    origins = _before(file_of(f"data@{dataset}", folder))
    fetched = [origin for origin in origins.values() if origin.record["rule"] == "download"]
    params = [ast.literal_eval(text) for origin in fetched for text in origin.record["params"]]
    told = [value["fingerprint"] for value in params if isinstance(value, dict)]
    return str(told[0]) if told else ""


def _origins(content: Mapping[str, Any]) -> dict[str, Origin]:
    files, params = content["files"], content["params"]
    found = {}
    for job in content["jobs"]:
        record = {name: job[name] for name in PORTABLE}
        record["params"] = [params[number] for number in job["params"]]
        inputs = {path: files[path] for path in job["input"]}
        times = (float(job["starttime"]), float(job["endtime"]))
        for path in job["output"]:
            found[path] = Origin(record, inputs, files[path], times)
    return found


@dataclass
class _Stage:
    """What a stage's file holds, as it is gathered."""

    files: dict[str, str] = field(default_factory=dict)
    params: dict[str, int] = field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, output: str, record: Record, hashes: Hashes, before: Origin | None) -> None:
        for path in (output, *record["input"]):
            self.files[path] = hashes.of(path) if Path(path).exists() else ""
        numbers = [self.params.setdefault(p, len(self.params)) for p in record["params"]]
        inputs = {path: self.files[path] for path in record["input"]}
        begun, ended = times(record)
        if before is not None and before.tells(record, inputs, self.files[output]):
            record, (begun, ended) = before.record, before.times
        job = self.jobs.setdefault(
            " ".join(record["log"]),  # every job has its own
            {name: record[name] for name in PORTABLE}
            | {"params": numbers, "output": [], "starttime": begun, "endtime": ended},
        )
        job["output"].append(output)
        job["endtime"] = max(job["endtime"], ended)

    def content(self) -> dict[str, Any]:
        jobs = [job | {"output": sorted(job["output"])} for job in self.jobs.values()]
        return {
            "files": self.files,
            "params": list(self.params),
            "jobs": sorted(jobs, key=lambda job: str(job["output"])),
        }


def export(
    stage: str, outputs: Iterable[str], records: Records, hashes: Hashes, folder: Path = FOLDER
) -> None:
    """Write where the outputs of a finished stage come from; the same outputs, the same bytes.

    That holds in a clone, too, whose files are of another time.

    Raises:
        FrugalsegError: an output has no record, so that nobody knows what made it.
    """
    gathered, before = _Stage(), _before(file_of(stage, folder))
    for output in sorted(outputs):
        record = records.read(output)
        if record is None:
            raise FrugalsegError(
                f"{output}: expected Snakemake's record of it, found none. Run "
                "`python -m frugalseg.pipeline run`: it makes again what has no record."
            )
        gathered.add(output, record, hashes, before.get(output))
    write_json(file_of(stage, folder), gathered.content())

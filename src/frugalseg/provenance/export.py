"""The origin of every output, in files that git keeps: `provenance/<stage>.json`.

A clone has neither Snakemake's records nor meaningful file times. So for every job of a stage the
file holds what Snakemake would know (rule, inputs, parameters), and the SHA-256 of every output and
input, which ties a record to one content.
"""

import ast
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import read_json, write_json
from frugalseg.provenance.hashes import Hashes
from frugalseg.provenance.records import PER_RUN, PORTABLE, Record, Records, complete

FOLDER = Path(paths.PROVENANCE)
DAMAGE = (KeyError, TypeError, ValueError, IndexError)
"""What reading a damaged file raises."""


@dataclass(frozen=True)
class Origin:
    """Where one output comes from.

    Attributes:
        record: Snakemake's record of it, without times; an input may be listed twice.
        inputs: SHA-256 of every input when the job ran; "" of one that was gone by then.
        sha256: of the output itself.
        times: when its job began and ended, in seconds; of the first job that made it so.
    """

    record: Record
    inputs: dict[str, str]
    sha256: str
    times: tuple[float, float]

    def as_record(self, endtime: float) -> Record:
        """Return Snakemake's record of the output, for a file last written at `endtime`."""
        inputs = {path: value for path, value in self.inputs.items() if value}
        return complete(self.record, inputs, endtime - (self.times[1] - self.times[0]), endtime)

    def matches(self, record: Record, inputs: Mapping[str, str], sha256: str) -> bool:
        """Return whether an output has this origin, whenever it was made."""
        names = {*PORTABLE, "params"} - {PER_RUN}
        is_same_job = all(self.record[name] == record[name] for name in names)
        return is_same_job and self.inputs == inputs and self.sha256 == sha256


def load_origins() -> dict[str, Origin]:
    """Return the origin of every output of every stage, by path.

    Raises:
        FrugalsegError: a file is damaged, or holds an unresolved merge.
    """
    origins: dict[str, Origin] = {}
    for path in sorted(FOLDER.glob("*.json")):
        try:
            origins |= _read(path)
        except DAMAGE as error:
            raise FrugalsegError(
                f"{path}: expected the provenance of a stage, found something else ({error}). Take "
                f"it from git again (git checkout -- {path}), or delete it to rebuild its outputs."
            ) from None
    return origins


def require_origins() -> dict[str, Origin]:
    """Return the origins as `load_origins` does.

    Raises:
        FrugalsegError: the commit holds no provenance, or a file is damaged.
    """
    origins = load_origins()
    if not origins:
        raise FrugalsegError(
            f"There is no {FOLDER}/*.json here: no finished study was committed. Run the study "
            "(`dvc repro`), or check out a commit that has one."
        )
    return origins


def fetched_from(dataset: str) -> str:
    """Return the fingerprint of the local source that an archive was taken from; "" if unknown."""
    records = [origin.record for origin in _read_if_intact(f"data@{dataset}").values()]
    texts = [
        text for record in records if record["rule"] == "download" for text in record["params"]
    ]
    settings = [value for value in map(ast.literal_eval, texts) if isinstance(value, dict)]
    return str(settings[0]["fingerprint"]) if settings else ""


def export(stage: str, outputs: Iterable[str], records: Records, hashes: Hashes) -> None:
    """Write the origins of the outputs of a finished stage; the same outputs give the same bytes.

    That holds in a clone too, whose files are of another time.

    Args:
        stage: as DVC names it: `train@builtin`, `report`.

    Raises:
        FrugalsegError: an output has no record.
    """
    earlier = _read_if_intact(stage)
    files: dict[str, str] = {}
    params: dict[str, int] = {}
    jobs: dict[str, dict[str, Any]] = {}
    for output in sorted(outputs):
        record = records.read(output)
        if not record:
            raise FrugalsegError(
                f"{output}: expected Snakemake's record of it, found none. Run "
                "`python -m frugalseg.pipeline run`, which rebuilds what has no record."
            )
        for path in (output, *record["input"]):
            files[path] = hashes.of(path) if Path(path).exists() else ""
        numbers = [params.setdefault(text, len(params)) for text in record["params"]]
        begun, ended = float(record["starttime"]), float(record["endtime"])
        origin, inputs = earlier.get(output), {path: files[path] for path in record["input"]}
        if origin is not None and origin.matches(record, inputs, files[output]):
            record, (begun, ended) = origin.record, origin.times
        job = jobs.setdefault(
            " ".join(record["log"]),  # every job has its own
            {name: record[name] for name in PORTABLE}
            | {"params": numbers, "output": [], "starttime": begun, "endtime": ended},
        )
        job["output"].append(output)
        job["endtime"] = max(job["endtime"], ended)
    ordered = sorted(jobs.values(), key=lambda job: str(job["output"]))
    content = {"files": files, "params": list(params), "jobs": ordered}
    write_json(FOLDER / f"{stage}.json", content)


def _read_if_intact(stage: str) -> dict[str, Origin]:
    """Return the origins of an earlier export; none if it is missing or damaged."""
    with suppress(OSError, *DAMAGE):
        return _read(FOLDER / f"{stage}.json")
    return {}


def _read(file: Path) -> dict[str, Origin]:
    content = read_json(file)
    files, params = content["files"], content["params"]
    origins = {}
    for job in content["jobs"]:
        record = {name: job[name] for name in PORTABLE}
        record["params"] = [params[number] for number in job["params"]]
        inputs = {path: files[path] for path in job["input"]}
        times = (float(job["starttime"]), float(job["endtime"]))
        for path in job["output"]:
            origins[path] = Origin(record, inputs, files[path], times)
    return origins

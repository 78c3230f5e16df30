"""Before a run: every output gets the record that belongs to its content, or is deleted.

Snakemake does not rerun outputs without a record, whatever the parameters say: in a clone it would
keep old models under new parameters, and DVC would lock them. So an output without a record of its
own gets one from `provenance/`, if its content and its inputs are those that were recorded there;
otherwise it is deleted and rebuilt.

Snakemake also compares times, and a clock can be set back. So an output is deleted, too, if its
record names other contents of its inputs than they have now.
"""

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from frugalseg.core import paths
from frugalseg.provenance.export import Origin
from frugalseg.provenance.hashes import Hashes
from frugalseg.provenance.records import Records, input_hashes, modified

PRECIOUS = frozenset({"download"})
"""Rules whose outputs are never deleted: an archive may have been fetched by hand."""


@dataclass(frozen=True)
class Reconciliation:
    """What was done with the existing outputs.

    Attributes:
        kept: outputs with a record of their own.
        restored: outputs whose record was taken from `provenance/`.
        deleted: outputs without a matching record.
        outdated: outputs made from inputs that have changed since; deleted as well.
    """

    kept: list[str]
    restored: list[str]
    deleted: list[str]
    outdated: list[str] = field(default_factory=list)


def reconcile(
    outputs: Mapping[str, str], origins: Mapping[str, Origin], *, touch: bool = False
) -> Reconciliation:
    """Give every output in the current folder its record, or delete it.

    When a record is restored, all outputs that are known to be current get the same time of change:
    Snakemake compares times, and those after a clone or `dvc checkout` are arbitrary.

    Args:
        outputs: the outputs of the workflow's jobs, and the rules that make them.
        origins: where outputs come from, by path.
        touch: set that time even if no record was restored, and replace records of outputs by those
            of this commit: another commit, with other parameters, may have made the same bytes.
    """
    records, hashes = Records(), Hashes()
    folder = _Folder(origins, records, hashes)
    present = [path for path in outputs if os.path.lexists(path)]
    recorded = [path for path in present if folder.has_own_record(path)]
    unrecorded = set(present) - set(recorded)
    is_touched = bool(unrecorded) or touch
    confirmed = {path for path in present if is_touched and folder.matches_origin(path)}
    unconfirmed = [p for p in sorted(unrecorded - confirmed) if outputs[p] not in PRECIOUS]
    deleted = [path for path in unconfirmed if not records.is_incomplete(path)]
    folder.delete(deleted)
    others = [path for path in recorded if path not in confirmed]
    outdated = [path for path in others if folder.is_outdated(path, unrecorded)]
    folder.delete(outdated)
    kept = [path for path in recorded if path not in outdated]
    if is_touched:
        current = {p for p in others if p not in outdated and folder.is_current(p)}
        replaced = {path for path in confirmed if touch or not records.is_of(path)}
        folder.touch(confirmed | current, replaced)
    hashes.save()
    return Reconciliation(kept, sorted(unrecorded & confirmed), deleted, outdated)


@dataclass(frozen=True)
class _Folder:
    """The outputs in the current folder, and what is recorded about them."""

    origins: Mapping[str, Origin]
    records: Records
    hashes: Hashes

    def has_own_record(self, output: str) -> bool:
        ended = self.records.end_of(output)
        return ended is not None and (
            self.records.is_of(output) or self.hashes.reset_time(output, ended)
        )

    def matches_origin(self, output: str) -> bool:
        """Return whether provenance names the content of an output and of its existing inputs."""
        origin = self.origins.get(output)
        return origin is not None and not self._differ({output: origin.sha256, **origin.inputs})

    def is_outdated(self, output: str, unrecorded: set[str]) -> bool:
        """Return whether the inputs of an output with a record have changed since it was made.

        Snakemake keeps the hashes of small inputs. Those of large ones come from provenance, if it
        names the content of this output, and are compared for `unrecorded` inputs, which were not
        made here.
        """
        inputs = input_hashes(self.records.read(output))
        origin = self.origins.get(output)
        others = unrecorded.intersection(origin.inputs) - set(inputs) if origin else set()
        if origin and others and self.hashes.of(output) == origin.sha256:
            inputs |= {path: origin.inputs[path] for path in others if origin.inputs[path]}
        return self._differ(inputs)

    def is_current(self, output: str) -> bool:
        """Return whether an output is current by its record and times alone.

        This holds for what was made here and not yet exported.
        """
        own = modified(output)
        inputs = filter(os.path.lexists, self.records.read(output).get("input", []))
        return all(modified(path) <= own and self.records.is_of(path) for path in inputs)

    def delete(self, outputs: Iterable[str]) -> None:
        for path in outputs:
            Path(path).unlink()
            self.records.remove(path)

    def touch(self, outputs: Iterable[str], replaced: set[str]) -> None:
        """Set one time for outputs and benchmarks; write the records of `replaced` from origins."""
        now = time.time_ns()
        for path in sorted(outputs):
            os.utime(path, ns=(now, now), follow_symlinks=False)
            self.hashes.restamp(path)
            if path in replaced:
                record = self.origins[path].as_record(now / 1e9)
            else:
                record = self.records.read(path) | {"endtime": now / 1e9}
            self.records.write(path, record)
        for benchmark in Path(paths.ALL_LOGS).rglob("*.tsv"):  # to Snakemake, they are outputs
            os.utime(benchmark)

    def _differ(self, contents: Mapping[str, str]) -> bool:
        """Return whether an existing file has another SHA-256 than `contents` says."""
        return any(Path(p).exists() and self.hashes.of(p) != sha for p, sha in contents.items())

"""Before anything runs: every output is what a record speaks of, or it is taken away.

Snakemake runs nothing for outputs without a record, whatever the parameters say: in a clone it
would keep old models under new parameters, and DVC would lock them. So an output that no record is
of gets one from `provenance/`, if it holds the very content that was recorded, made of the very
inputs that lie here; failing that it is deleted, and made again.

Snakemake also goes by times, and a clock can be set back. So an output is deleted, too, if its
record says that it was made of other contents than lie here.
"""

import os
import time
from collections.abc import Callable, Mapping
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
    """What became of the outputs that there were.

    Attributes:
        kept: outputs with a record of their own.
        restored: outputs whose record came from `provenance/`.
        deleted: outputs of which nobody knows what made them.
        outdated: outputs that were made of other inputs than lie here; deleted as well.
    """

    kept: list[str]
    restored: list[str]
    deleted: list[str]
    outdated: list[str] = field(default_factory=list)


def reconcile_folder(
    outputs: Mapping[str, str], origins: Mapping[str, Origin], *, touch: bool = False
) -> Reconciliation:
    """Reconcile the outputs of the workflow in the current folder, and keep their hashes."""
    hashes = Hashes()
    result = reconcile(outputs, origins, Records(), hashes, touch=touch)
    hashes.save()
    return result


def reconcile(
    outputs: Mapping[str, str],
    origins: Mapping[str, Origin],
    records: Records,
    hashes: Hashes,
    *,
    touch: bool = False,
    logs: Path = Path(paths.ALL_LOGS),
) -> Reconciliation:
    """Give every existing output its record, or delete it.

    Where a record is restored, all that is known to be current gets one identical time of change:
    Snakemake compares times, and those of a clone or of `dvc checkout` are arbitrary.

    Args:
        outputs: the outputs of the workflow's jobs, and the rules that make them.
        origins: where outputs come from, by path.
        touch: give the identical time even if no record had to be restored, and take the records of
            this commit even where an output has one: the same bytes may have come from another
            commit, of other parameters.
        logs: the folder of Snakemake's benchmarks, whose times count as an output's.
    """
    present = [path for path in outputs if os.path.lexists(path)]
    kept = [path for path in present if records.is_of(path) or _returned(path, records, hashes)]
    unrecorded = sorted(set(present) - set(kept))
    everything = bool(unrecorded) or touch
    was_made_of = _comparison(hashes)
    known = {p for p in present if everything and p in origins and was_made_of(p, origins[p])}
    restored = [path for path in unrecorded if path in known]
    lost = [path for path in unrecorded if path not in known and outputs[path] not in PRECIOUS]
    deleted = [path for path in lost if not records.is_incomplete(path)]
    _delete(deleted, records)
    others = [path for path in kept if path not in known]
    outdated = [p for p in others if _is_outdated(p, set(unrecorded), origins, records, hashes)]
    _delete(outdated, records)
    if everything:
        current = known | {p for p in set(others) - set(outdated) if _is_current(p, records)}
        given = {path for path in known if touch or not records.is_of(path)}
        _touch(current, given, origins, records, hashes)
        _touch_benchmarks(logs)
    kept = [path for path in kept if path not in set(outdated)]
    return Reconciliation(kept, restored, deleted, outdated)


def _delete(outputs: list[str], records: Records) -> None:
    for path in outputs:
        Path(path).unlink()
        records.remove(path)


def _is_outdated(
    output: str,
    unrecorded: set[str],
    origins: Mapping[str, Origin],
    records: Records,
    hashes: Hashes,
) -> bool:
    """Say whether an output with a record was made of other inputs than lie here.

    Snakemake keeps the hashes of small inputs. Those of large ones come from provenance, if it
    speaks of this very output, and are compared for `unrecorded` inputs, which were not made here.
    """
    inputs = input_hashes(records.read(output))
    origin = origins.get(output)
    further = unrecorded.intersection(origin.inputs) - set(inputs) if origin else set()
    if origin and further and hashes.of(output) == origin.sha256:
        inputs |= {path: origin.inputs[path] for path in further if origin.inputs[path]}
    return any(Path(p).exists() and hashes.of(p) != value for p, value in inputs.items())


def _returned(output: str, records: Records, hashes: Hashes) -> bool:
    ended = records.end_of(output)
    return ended is not None and hashes.returned(output, ended)


def _comparison(hashes: Hashes) -> Callable[[str, Origin], bool]:
    def is_same(path: str, value: str) -> bool:
        return not Path(path).exists() or hashes.of(path) == value

    def was_made_of(path: str, origin: Origin) -> bool:
        inputs = origin.inputs.items()
        return is_same(path, origin.sha256) and all(is_same(*item) for item in inputs)

    return was_made_of


def _is_current(output: str, records: Records) -> bool:
    """Say whether an output's own record and times hold it for current, whatever provenance says.

    It is so for what was made here and not yet exported.
    """
    inputs = [path for path in records.inputs_of(output) if os.path.lexists(path)]
    own = modified(output)
    return all(modified(path) <= own and records.is_of(path) for path in inputs)


def _touch(
    current: set[str],
    given: set[str],
    origins: Mapping[str, Origin],
    records: Records,
    hashes: Hashes,
) -> None:
    now = time.time_ns()
    for path in sorted(current):
        os.utime(path, ns=(now, now), follow_symlinks=False)
        hashes.restamp(path)
        if path in given:
            records.write(path, origins[path].as_record(now / 1e9))
        else:
            records.restamp(path, now / 1e9)


def _touch_benchmarks(logs: Path) -> None:
    """Make benchmarks as new as the outputs: Snakemake counts them as outputs of their jobs."""
    for path in logs.rglob("*.tsv"):
        os.utime(path)

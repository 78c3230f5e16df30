"""The two-sided gate: DVC is clean, Snakemake has nothing to do, every byte is what was made."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from frugalseg.core import paths
from frugalseg.provenance import workflow
from frugalseg.provenance.dvc import dvc
from frugalseg.provenance.export import Origin
from frugalseg.provenance.hashes import Hashes


def altered(origins: Mapping[str, Origin]) -> list[str]:
    """Return a line for every output that is missing, or not the one that was recorded.

    All are read anew: a file that was changed by hand may have kept its time.
    """
    hashes = Hashes(trust=False)
    found = []
    for path, origin in sorted(origins.items()):
        if not Path(path).is_file():
            found.append(f"{path}: missing")
        elif hashes.of(path) != origin.sha256:
            found.append(f"{path}: not the file that rule {origin.record['rule']} made")
    return found


def dvc_changes() -> str:
    """Return what `dvc status` finds changed; "" if it is nothing."""
    done = dvc("status")
    clean = done.returncode == 0 and "up to date" in done.stdout + done.stderr
    return "" if clean else (done.stdout + done.stderr).strip()


def findings(origins: Mapping[str, Origin], config: Sequence[str] = ()) -> dict[str, str]:
    """Return what is wrong with a study that should be finished, by who says so.

    Args:
        origins: where the outputs come from; of the study that is to be checked.
        config: options of Snakemake that narrow the workflow.
    """
    told = {
        "provenance": "\n".join(altered(origins)),
        "dvc status": dvc_changes(),
        f"snakemake -n {paths.ALL_REPORTS}": workflow.waiting([paths.ALL_REPORTS], config),
    }
    return {who: text for who, text in told.items() if text}

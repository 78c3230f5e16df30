"""The check of a finished study: DVC is clean, Snakemake has nothing to do, no byte is altered."""

from collections.abc import Mapping
from pathlib import Path

from frugalseg.core import paths
from frugalseg.core.files import sha256
from frugalseg.provenance import workflow
from frugalseg.provenance.dvc import dvc
from frugalseg.provenance.export import Origin


def find_altered(origins: Mapping[str, Origin]) -> list[str]:
    """Return a line for every output that is missing, or differs from the recorded one.

    All files are read: one that was edited by hand may have kept its time.
    """
    lines = []
    for path, origin in sorted(origins.items()):
        if not Path(path).is_file():
            lines.append(f"{path}: missing")
        elif sha256(Path(path)) != origin.sha256:
            lines.append(f"{path}: not the file that rule {origin.record['rule']} made")
    return lines


def dvc_changes() -> str:
    """Return the changes that `dvc status` reports; "" if there are none."""
    done = dvc("status")
    is_clean = done.returncode == 0 and "up to date" in done.stdout + done.stderr
    return "" if is_clean else (done.stdout + done.stderr).strip()


def find_problems(origins: Mapping[str, Origin]) -> dict[str, str]:
    """Return the problems of a study that should be finished, by the tool that reports them."""
    reports = {
        "provenance": "\n".join(find_altered(origins)),
        "dvc status": dvc_changes(),
        f"snakemake -n {paths.ALL_REPORTS}": workflow.waiting([paths.ALL_REPORTS], []),
    }
    return {tool: text for tool, text in reports.items() if text}

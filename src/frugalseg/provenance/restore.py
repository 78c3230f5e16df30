"""A finished study in a clone or at another commit: bytes from DVC, records from git."""

from collections.abc import Mapping

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.provenance import lock, workflow
from frugalseg.provenance.dvc import dvc
from frugalseg.provenance.export import Origin
from frugalseg.provenance.reconcile import Reconciliation, reconcile


def fetch() -> str:
    """Fetch the data of this commit from DVC's remote, or without one from its cache.

    Returns:
        DVC's last line.

    Raises:
        FrugalsegError: DVC lacks some of it; the message ends with DVC's own.
    """
    remotes = dvc("remote", "list")
    command = "pull" if remotes.returncode == 0 and remotes.stdout.strip() else "checkout"
    done = dvc(command)
    if done.returncode:
        raise FrugalsegError(
            f"`dvc {command}` did not get all data of this commit. Whoever ran the study has to "
            f"`dvc push` it, to a remote that `dvc remote list` names here; `dvc repro` makes it "
            f"again. DVC says:\n{(done.stdout + done.stderr).strip()}"
        )
    return f"dvc {command}: {(done.stdout.strip() or 'nothing to fetch').splitlines()[-1]}"


def restore(origins: Mapping[str, Origin]) -> Reconciliation:
    """Give all existing outputs their records and the same time; run nothing.

    Raises:
        FrugalsegError: another run is active, or Snakemake cannot read the workflow.
    """
    lock.refuse()
    return reconcile(workflow.outputs([paths.ALL_REPORTS], []), origins, touch=True)

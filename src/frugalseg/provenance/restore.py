"""A clone, or another commit, as if it had been run here: bytes from DVC, records from git."""

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.provenance import lock, workflow
from frugalseg.provenance.dvc import dvc
from frugalseg.provenance.export import FOLDER, Origin, load_origins
from frugalseg.provenance.reconcile import Reconciliation, reconcile_folder


def fetch() -> str:
    """Take the data that this commit names from DVC's remote, or from its cache without a remote.

    Returns:
        DVC's last line.

    Raises:
        FrugalsegError: DVC does not have all of it; the message is DVC's.
    """
    remotes = dvc("remote", "list")
    order = "pull" if remotes.returncode == 0 and remotes.stdout.strip() else "checkout"
    done = dvc(order)
    if done.returncode:
        raise FrugalsegError(
            f"`dvc {order}` did not get all data of this commit. Whoever ran the study has to "
            f"`dvc push` it, to a remote that `dvc remote list` names here; `dvc repro` makes it "
            f"again. DVC says:\n"
            f"{(done.stdout + done.stderr).strip()}"
        )
    return f"dvc {order}: {(done.stdout.strip() or 'nothing to fetch').splitlines()[-1]}"


def restore() -> Reconciliation:
    """Give all outputs that lie here their records and one time; nothing is made.

    Raises:
        FrugalsegError: there is no provenance to restore from.
    """
    lock.refuse()
    origins = require_origins()
    return reconcile_folder(workflow.outputs([paths.ALL_REPORTS], []), origins, touch=True)


def require_origins() -> dict[str, Origin]:
    """Return where the outputs of this commit come from.

    Raises:
        FrugalsegError: the commit holds no provenance.
    """
    origins = load_origins()
    if not origins:
        raise FrugalsegError(
            f"There is no {FOLDER}/*.json in this commit: no finished study was committed. Run the "
            "study (`dvc repro`), or check out a commit that has one."
        )
    return origins

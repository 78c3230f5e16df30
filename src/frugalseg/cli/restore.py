"""Take a finished study from DVC and git, so that nothing of it has to run again.

Example:
  git clone ... && cd ... && make env && frugalseg restore
"""

from argparse import Namespace

from frugalseg.cli.verify import gate
from frugalseg.provenance.dvc import drop_damaged, remove_broken_rwlock
from frugalseg.provenance.export import require_origins
from frugalseg.provenance.restore import fetch, restore
from frugalseg.provenance.verify import find_problems


def run(_: Namespace) -> str:
    """Fetch, restore the records, and return what was done and the result of `verify`."""
    origins = require_origins()  # before DVC, which would complain of missing files
    mended, fetched = remove_broken_rwlock(), fetch()
    result = restore(origins)
    damaged = drop_damaged(result.deleted)
    if damaged:
        fetched, result = fetch(), restore(origins)
    deleted = [*result.deleted, *result.outdated]
    lines = [mended, fetched, *(f"{p}: no matching provenance record; deleted" for p in deleted)]
    lines += [f"{path}: damaged in DVC's cache; fetched again" for path in damaged]
    return "\n".join(filter(None, [*lines, gate(len(origins), find_problems(origins))]))

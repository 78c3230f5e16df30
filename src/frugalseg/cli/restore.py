"""Take a finished study from DVC and git, so that nothing of it has to run again.

Example:
  git clone ... && cd ... && make env && frugalseg restore
"""

from argparse import ArgumentParser, Namespace

from frugalseg.cli.verify import gate
from frugalseg.provenance.dvc import drop_damaged, mend
from frugalseg.provenance.restore import fetch, require_origins, restore
from frugalseg.provenance.verify import findings


def add_arguments(parser: ArgumentParser) -> None:
    """Add nothing: the study is that of the current folder."""


def run(_: Namespace) -> str:
    """Fetch, restore the records, and return what was done and the result of `verify`."""
    origins = require_origins()  # before DVC, which would complain of missing files
    mended, fetched = mend(), fetch()
    result = restore()
    damaged = drop_damaged(result.deleted)
    if damaged:
        fetched, result = fetch(), restore()
    deleted = [*result.deleted, *result.outdated]
    lines = [mended, fetched, *(f"{p}: no matching provenance record; deleted" for p in deleted)]
    lines += [f"{path}: damaged in DVC's cache; fetched again" for path in damaged]
    return "\n".join(filter(None, [*lines, gate(len(origins), findings(origins))]))

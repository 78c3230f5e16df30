"""`frugalseg restore`: a finished study in a clone, or of another commit, with nothing run."""

from argparse import ArgumentParser, Namespace

from frugalseg.cli.command import Command
from frugalseg.cli.verify import gate
from frugalseg.provenance.dvc import drop_damaged, mend
from frugalseg.provenance.restore import fetch, require_origins, restore
from frugalseg.provenance.verify import findings


def add_arguments(parser: ArgumentParser) -> None:
    """Add nothing: the study is that of the current folder."""


def run(_: Namespace) -> str:
    """Fetch, restore the records, and return what the gate says."""
    origins = require_origins()  # before DVC, which would complain of missing files
    mended, fetched = mend(), fetch()
    result = restore()
    damaged = drop_damaged(result.deleted)
    if damaged:
        fetched, result = fetch(), restore()
    told = [
        f"{path}: no matching provenance record; deleted"
        for path in [*result.deleted, *result.outdated]
    ]
    told += [f"{path}: damaged in DVC's cache; fetched again" for path in damaged]
    told = [mended, fetched, *told, gate(len(origins), findings(origins))]
    return "\n".join(filter(None, told))


COMMAND = Command(
    summary="Take a finished study from DVC and git, so that nothing of it has to run again.",
    arguments=add_arguments,
    run=run,
    example="git clone ... && cd ... && make env && frugalseg restore",
)

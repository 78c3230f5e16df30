"""`frugalseg restore`: a finished study in a clone, or of another commit, with nothing run."""

from argparse import ArgumentParser, Namespace

from frugalseg.cli.command import Command
from frugalseg.cli.verify import gate
from frugalseg.pipeline.dvc import drop_damaged, mend
from frugalseg.pipeline.restore import fetch, require_origins, restore
from frugalseg.pipeline.verify import findings


def add_arguments(parser: ArgumentParser) -> None:
    """Add nothing: the study is that of the current folder."""


def run(_: Namespace) -> str:
    """Fetch, restore the records, and return what the gate says."""
    origins = require_origins()  # before DVC, which would complain of missing files
    mended, fetched = mend(), fetch()
    settled = restore()
    damaged = drop_damaged(settled.deleted)
    if damaged:
        fetched, settled = fetch(), restore()
    told = [
        f"{path}: no matching provenance record; deleted"
        for path in [*settled.deleted, *settled.outdated]
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

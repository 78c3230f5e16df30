"""`frugalseg verify`: the two-sided gate on a finished study."""

from argparse import ArgumentParser, Namespace

from frugalseg.cli.command import Command
from frugalseg.core.errors import FrugalsegError
from frugalseg.provenance.export import FOLDER, load_origins
from frugalseg.provenance.verify import findings


def add_arguments(parser: ArgumentParser) -> None:
    """Add nothing: the study is that of the current folder."""


def run(_: Namespace) -> str:
    """Return that all is well; otherwise raise, and say what is not and what to do."""
    origins = load_origins()
    if not origins:
        raise FrugalsegError(f"No {FOLDER}/*.json: no study has been finished here (`dvc repro`).")
    return gate(len(origins), findings(origins))


def gate(count: int, found: dict[str, str]) -> str:
    """Return that `count` outputs are what was made, or raise what was found."""
    if found:
        told = "\n".join(f"{who} says:\n{text}\n" for who, text in found.items())
        raise FrugalsegError(
            f"not verified.\n{told}\n`dvc repro --force` makes again what is missing, altered or "
            "out of date, and nothing else; `frugalseg restore` takes back what this commit holds."
        )
    return (
        f"verified: {count} outputs hold what was made, dvc status is clean, and snakemake has "
        "nothing to do."
    )


COMMAND = Command(
    summary="Check that a finished study is what its commit says, byte for byte.",
    arguments=add_arguments,
    run=run,
    example="frugalseg verify",
)

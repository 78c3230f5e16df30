"""Check that a finished study is what its commit says, byte for byte.

Example:
  frugalseg verify
"""

from argparse import Namespace

from frugalseg.core.errors import FrugalsegError
from frugalseg.provenance.export import require_origins
from frugalseg.provenance.verify import find_problems


def run(_: Namespace) -> str:
    """Return that the study is sound; otherwise raise with the problems and the remedy."""
    origins = require_origins()
    return gate(len(origins), find_problems(origins))


def gate(count: int, problems: dict[str, str]) -> str:
    """Return that `count` outputs are sound.

    Raises:
        FrugalsegError: there are problems, by the tool that reports them.
    """
    if problems:
        reports = "\n".join(f"{tool} says:\n{text}\n" for tool, text in problems.items())
        raise FrugalsegError(
            f"not verified.\n{reports}\n`dvc repro --force` rebuilds only what is missing, altered "
            "or out of date; `frugalseg restore` takes back what this commit holds."
        )
    return (
        f"verified: {count} outputs hold what was made, dvc status is clean, and snakemake has "
        "nothing to do."
    )

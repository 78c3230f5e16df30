"""Snakemake's command line without its limit on jobs per second, run as a module.

With any limit, Snakemake wakes once per timespan for every job that has ended, to see whether it
may start more, and no option switches the limit off (decision 0012 in docs/development). Jobs of a
cluster keep theirs.
"""

import sys
from collections.abc import Sequence

from snakemake import cli
from snakemake.exceptions import print_exception


def main(arguments: Sequence[str] | None = None) -> int:
    """Run Snakemake's command line; return its exit status."""
    try:
        parser, options = cli.parse_args(arguments)
        if options.executor in (None, "local"):
            options.max_jobs_per_timespan = None
        return 0 if cli.args_to_api(options, parser) else 1
    except Exception as error:  # as Snakemake's own command does
        print_exception(error)
        return 1


if __name__ == "__main__":
    sys.exit(main())

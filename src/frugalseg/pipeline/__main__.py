"""`python -m frugalseg.pipeline stage NAME [DATASET]`: what DVC calls; `run` makes everything.

Both see to it that records are true before anything runs, and leave `provenance/` for clones.
What stands after `--` is handed to Snakemake. `fork-server` is for `fork_server`.
"""

import argparse
import logging
import os
import sys
from pathlib import Path

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.params import load, read_config
from frugalseg.pipeline import fork_server
from frugalseg.pipeline.rules import STAGES
from frugalseg.pipeline.runner import make
from frugalseg.pipeline.targets import targets
from frugalseg.provenance import workflow

PROGRESS = ["--logger", "frugalseg"]
"""Options of Snakemake: our own way to tell how far it is, `snakemake_logger_plugin_frugalseg`."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status, which is Snakemake's where it ran."""
    given = sys.argv[1:] if arguments is None else arguments
    own = given[: given.index("--")] if "--" in given else given
    options, further = _parser().parse_args(own), given[len(own) + 1 :]
    if options.command == "fork-server":
        fork_server.serve(options.path)
        os._exit(0)  # taking down what was imported takes seconds, of whoever reads the output too
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    further = ["--cores", options.cores, *further]
    try:
        if options.command == "run":
            return _run(options, further)
        files = targets(options.name, load(Path("params.yaml")), options.dataset)
        config = ["--config", f"run=[{options.dataset}]"] if options.dataset else []
        return make(options.name, files, config, further)
    except FrugalsegError as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 2


def _run(options: argparse.Namespace, further: list[str]) -> int:
    for file in options.configfile:  # before Snakemake, which reads them without our checks
        read_config(file)
    config = ["--configfile", *map(str, options.configfile)] if options.configfile else []
    config += ["--config", *options.config] if options.config else []
    plain = options.log == "snakemake" or workflow.is_dry(further)
    return make(None, options.targets, config, further if plain else [*PROGRESS, *further])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m frugalseg.pipeline", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    stage = commands.add_parser("stage", help="make what one DVC stage holds")
    stage.add_argument("name", choices=STAGES)
    stage.add_argument("dataset", nargs="?", help="data set; `index` is over all that `run` names")
    run = commands.add_parser("run", help="make all reports, or the targets that are named")
    run.add_argument("targets", nargs="*", default=[paths.ALL_REPORTS], help="files; default: all")
    log = "how far it is, and errors in full (the default); or all that Snakemake says"
    run.add_argument("--log", choices=["progress", "snakemake"], default="progress", help=log)
    run.add_argument("--config", nargs="+", metavar="KEY=VALUE", help="as for snakemake")
    run.add_argument(
        "--configfile", nargs="+", type=Path, default=[], metavar="FILE",
        help="files whose values are laid over those of params.yaml",
    )  # fmt: skip
    for one in (stage, run):
        one.add_argument("--cores", default="all", help="as for snakemake; default: all")
    server = commands.add_parser("fork-server", help="be the fork server of a run (internal)")
    server.add_argument("path", type=Path, help="socket to listen on")
    return parser


if __name__ == "__main__":
    sys.exit(main())

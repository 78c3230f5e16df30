"""`python -m frugalseg.pipeline stage NAME [DATASET]`: what DVC calls; `run` makes everything.

Of a study with looks, `run` looks until all is decided (`frugalseg decide`). Both reconcile
records before anything runs, and export `provenance/` for clones. Arguments after `--`
are passed to Snakemake. `fork-server` is internal.
"""

import argparse
import logging
import os
import sys
from pathlib import Path
from typing import Any

import yaml

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.params import load
from frugalseg.pipeline import fork_server
from frugalseg.pipeline.rules import STAGES
from frugalseg.pipeline.runner import PROGRESS, config_options, make
from frugalseg.pipeline.targets import targets
from frugalseg.provenance import workflow


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status, which is Snakemake's if it ran."""
    words = sys.argv[1:] if arguments is None else arguments
    own = words[: words.index("--")] if "--" in words else words
    options, for_snakemake = _parser().parse_args(own), words[len(own) + 1 :]
    if options.command == "fork-server":
        fork_server.serve(options.path)
        os._exit(0)  # tearing down the imported libraries takes seconds
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    for_snakemake = ["--cores", options.cores, *for_snakemake]
    try:
        if options.command == "run":
            return _run(options, for_snakemake)
        files = targets(options.name, load(Path("params.yaml")), options.dataset)
        config = ["--config", f"run=[{options.dataset}]"] if options.dataset else []
        return make(options.name, files, config, for_snakemake)
    except FrugalsegError as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 2


def _run(options: argparse.Namespace, for_snakemake: list[str]) -> int:
    overrides = dict(map(_override, options.config or []))
    # Snakemake reads the files without our checks
    params = load(Path("params.yaml"), *options.configfile, overrides=overrides)
    config = config_options(options.configfile, options.config or [])
    if options.log == "progress" and not workflow.is_dry(for_snakemake):
        for_snakemake = [*PROGRESS, *for_snakemake]
    makes_all = options.targets == [paths.ALL_REPORTS]
    if params.looks and makes_all and not workflow.is_dry(for_snakemake):
        from frugalseg.pipeline.decide import decide  # with scipy, which stages do without

        return decide(params, config, for_snakemake)
    return make(None, options.targets, config, for_snakemake)


def _override(text: str) -> tuple[str, Any]:
    """Return key and value of an argument of `--config`, which Snakemake reads as YAML too."""
    key, equals, value = text.partition("=")
    if not equals:
        raise FrugalsegError(f"--config: expected KEY=VALUE, found {text!r}.")
    return key, yaml.safe_load(value)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m frugalseg.pipeline", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    stage = commands.add_parser("stage", help="make the files of one DVC stage")
    stage.add_argument("name", choices=STAGES)
    stage.add_argument("dataset", nargs="?", help="data set; `index` is for all that `run` names")
    run = commands.add_parser("run", help="make all reports, or the named targets")
    run.add_argument("targets", nargs="*", default=[paths.ALL_REPORTS], help="files; default: all")
    log = "progress, with errors in full (the default); or Snakemake's own log"
    run.add_argument("--log", choices=["progress", "snakemake"], default="progress", help=log)
    run.add_argument("--config", nargs="+", metavar="KEY=VALUE", help="as for snakemake")
    run.add_argument(
        "--configfile", nargs="+", type=Path, default=[], metavar="FILE",
        help="files whose values replace those of params.yaml",
    )  # fmt: skip
    for command in (stage, run):
        command.add_argument("--cores", default="all", help="as for snakemake; default: all")
    server = commands.add_parser("fork-server", help="be the fork server of a run (internal)")
    server.add_argument("path", type=Path, help="socket to listen on")
    return parser


if __name__ == "__main__":
    sys.exit(main())

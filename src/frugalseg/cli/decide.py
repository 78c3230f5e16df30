"""Add seeds look by look until every planned contrast is decided, then make the reports.

Example:
  frugalseg decide builtin --hours 0.25
"""

import logging
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from frugalseg.cli.values import positive
from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError
from frugalseg.params import load
from frugalseg.pipeline import decide
from frugalseg.pipeline.runner import PROGRESS, config_options


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `frugalseg decide`."""
    parser.add_argument("datasets", nargs="*", metavar="DATASET", help="default: those of `run`")
    parser.add_argument(
        "--hours", type=positive, metavar="H",
        help="the most that a data set may take, instead of seeds.hours",
    )  # fmt: skip
    parser.add_argument("--cores", default="all", help="as for snakemake; default: all")
    parser.add_argument(
        "--configfile", nargs="+", type=Path, default=[], metavar="FILE",
        help="files whose values replace those of params.yaml",
    )  # fmt: skip


def run(options: Namespace) -> str:
    """Look until all is decided or the hours are spent; return where the reports are."""
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    overrides = {"run": options.datasets} if options.datasets else {}
    params = load(Path("params.yaml"), *options.configfile, overrides=overrides)
    run_only = [f"run=[{','.join(options.datasets)}]"] if options.datasets else []
    config = config_options(options.configfile, run_only)
    status = decide.decide(
        params, config, [*PROGRESS, "--cores", options.cores], hours=options.hours
    )
    if status:
        raise FrugalsegError(f"The workflow failed with status {status}; its log says why.")
    files = [paths.DECISIONS.format(dataset=dataset) for dataset in params.run]
    return f"Every look is recorded in {', '.join(files)}."

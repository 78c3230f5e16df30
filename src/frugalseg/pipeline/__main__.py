"""`python -m frugalseg.pipeline stage NAME [DATASET]`: what DVC calls; `host` is for `warm`."""

import argparse
import subprocess
import sys
from pathlib import Path

from frugalseg.errors import FrugalsegError
from frugalseg.params import load
from frugalseg.pipeline import warm
from frugalseg.pipeline.targets import STAGES, targets


def main(arguments: list[str] | None = None) -> int:
    """Run one stage through Snakemake; return its exit status."""
    options = _parser().parse_args(arguments)
    if options.command == "host":
        warm.serve(options.path)
        return 0
    return _stage(options)


def _stage(options: argparse.Namespace) -> int:
    try:
        params = load(Path("params.yaml"))
        files = targets(options.name, params, options.dataset)
    except FrugalsegError as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 2
    command = [sys.executable, "-m", "snakemake", "--cores", options.cores, *files]
    if options.dataset:
        command += ["--config", f"run=[{options.dataset}]"]
    return subprocess.run(command, check=False).returncode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m frugalseg.pipeline", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    stage = commands.add_parser("stage", help="make what one DVC stage holds")
    stage.add_argument("name", choices=STAGES)
    stage.add_argument(
        "dataset", nargs="?", help="data set; the report is over all that `run` names"
    )
    stage.add_argument("--cores", default="all", help="as for snakemake; default: all")
    host = commands.add_parser("host", help="be the warm host of a run; Snakemake starts it")
    host.add_argument("path", type=Path, help="where to listen")
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""`make bench`: benchmarks of speed and memory; by name: `python -m benchmarks tiled loader`.

The machine, the versions and the revision are printed first.
"""

import sys
from importlib import import_module

from frugalseg.core.environment import describe_machine, git_revision, package_versions

ALL = (
    "training",
    "loader",
    "gpu",
    "mean_teacher",
    "memory",
    "prepare",
    "windows",
    "passes",
    "fold",
    "tiled",
    "scores",
    "workflow",
    "cores",
    "planning",
    "scale",
    "report",
)

PARSING = ("trust", "forecast")
"""Benchmarks of statistics, which have options of their own and are run by name only."""


def main(arguments: list[str]) -> None:
    """Run each named benchmark, which prints its own results; options go to all of them."""
    if {"-h", "--help"} & set(arguments):
        print(__doc__, f"\n\nAll of them: {', '.join(ALL)}. Only by name: {', '.join(PARSING)}.")
        return
    versions = (f"{name} {number}" for name, number in package_versions().items())
    cores = "{processor}, {cores} cores, {system}, Python {python}".format(**describe_machine())
    print(f"{cores}\n{', '.join(versions)}, revision {git_revision()}")
    options = [argument for argument in arguments if argument.startswith("-")]
    for name in [argument for argument in arguments if argument not in options] or ALL:
        print(f"== {name}", flush=True)
        import_module(f"benchmarks.{name}").main(*([options] if options or name in PARSING else []))


if __name__ == "__main__":
    main(sys.argv[1:])

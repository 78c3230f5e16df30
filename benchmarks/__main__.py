"""`make bench`: benchmarks of speed and memory; by name: `python -m benchmarks tiled loader`."""

import sys
from importlib import import_module

ALL = (
    "training",
    "loader",
    "gpu",
    "mean_teacher",
    "memory",
    "prepare",
    "windows",
    "passes",
    "tiled",
    "scores",
    "workflow",
    "cores",
    "planning",
    "scale",
    "report",
)


def main(arguments: list[str]) -> None:
    """Run each named benchmark; it prints its own figures. Options go to all that are named."""
    if {"-h", "--help"} & set(arguments):
        print(__doc__, f"\n\nAll of them: {', '.join(ALL)}. Not among all: trust.", sep="")
        return
    options = [argument for argument in arguments if argument.startswith("-")]
    for name in [argument for argument in arguments if argument not in options] or ALL:
        print(f"== {name}", flush=True)
        import_module(f"benchmarks.{name}").main(*([options] if options or name == "trust" else []))


if __name__ == "__main__":
    main(sys.argv[1:])

"""`make bench`: run the benchmarks of speed and memory, or those named on the command line."""

import sys
from importlib import import_module

ALL = ("training", "mean_teacher", "memory", "workflow")


def main(names: list[str]) -> None:
    """Run each named benchmark; it prints its own figures."""
    for name in names or ALL:
        print(f"== {name}", flush=True)
        import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])

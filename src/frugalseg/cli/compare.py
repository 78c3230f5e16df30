"""Say what differs between two trainings, from parameters to hardware and times.

Example:
  frugalseg compare results/builtin/train/full/seed-{0,1}/round-0
"""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from frugalseg.core import paths

MAX_WIDTH = 34
"""Characters of a value; the rest is cut off."""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `frugalseg compare`."""
    for name in ("one", "other"):
        parser.add_argument(name, type=Path, metavar="RUN", help="folder of a round, or run.json")


def run(options: Namespace) -> str:
    """Return the differences by section, and whether the models differ."""
    from frugalseg.provenance import compare

    one, other = options.one, options.other
    differences = compare.differences(compare.read_run(one), compare.read_run(other))
    lines = []
    for section, entries in differences.items():
        lines.append(f"{section}:")
        lines += [f"  {name:<28} {_cut(a)}  ->  {_cut(b)}" for name, (a, b) in entries.items()]
    same = [section for section in compare.SECTIONS if section not in differences]
    gap = compare.weight_difference(_model(one), _model(other))
    causes = [section for section in compare.CAUSES if section in differences]
    return "\n".join([*lines, f"the same: {', '.join(same) or 'nothing'}", _verdict(gap, causes)])


def _verdict(gap: float | None, causes: list[str]) -> str:
    if gap is None:
        return "weights: not compared (a model is missing, or they are of different shapes)"
    if gap == 0:
        return "weights: equal"
    why = f"; what may cause it: {', '.join(causes)}" if causes else "; nothing above explains it"
    return f"weights: differ by up to {gap:.3g}{why}"


def _model(path: Path) -> Path:
    return paths.within(path if path.is_dir() else path.parent, paths.MODEL)


def _cut(value: object) -> str:
    text = str(value)
    return text if len(text) <= MAX_WIDTH else f"{text[: MAX_WIDTH - 3]}..."

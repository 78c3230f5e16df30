"""`frugalseg compare RUN RUN`: what differs between two trainings."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

from frugalseg.cli.command import Command
from frugalseg.core import paths

WIDTH = 34


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `frugalseg compare`."""
    for name in ("one", "other"):
        parser.add_argument(name, type=Path, metavar="RUN", help="folder of a round, or run.json")


def run(options: Namespace) -> str:
    """Return what differs, by section, and whether the models do."""
    return "\n".join(_lines(options.one, options.other))


def _lines(one: Path, other: Path) -> Iterator[str]:
    from frugalseg.provenance import compare

    found = compare.differences(compare.read_run(one), compare.read_run(other))
    by_section = {name: [d for d in found if d.section == name] for name in compare.SECTIONS}
    for section, entries in by_section.items():
        if entries:
            yield f"{section}:"
            yield from (f"  {d.name:<28} {_text(d.one)}  ->  {_text(d.other)}" for d in entries)
    same = [section for section in compare.SECTIONS if not by_section[section]]
    yield f"the same: {', '.join(same) or 'nothing'}"
    gap = compare.weight_difference(_model(one), _model(other))
    causes = [section for section in compare.CAUSES if by_section[section]]
    yield _verdict(gap, causes)


def _verdict(gap: float | None, causes: list[str]) -> str:
    if gap is None:
        return "weights: not compared (a model is missing, or they are of different shapes)"
    if gap == 0:
        return "weights: equal"
    why = f"; what may cause it: {', '.join(causes)}" if causes else "; nothing above explains it"
    return f"weights: differ by up to {gap:.3g}{why}"


def _model(path: Path) -> Path:
    return paths.within(path if path.is_dir() else path.parent, paths.MODEL)


def _text(value: object) -> str:
    text = str(value)
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 3]}..."


COMMAND = Command(
    summary="Say what differs between two trainings, from parameters to hardware and times.",
    arguments=add_arguments,
    run=run,
    example="frugalseg compare results/builtin/train/full/seed-{0,1}/round-0",
)

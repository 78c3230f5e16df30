"""Reading `params.yaml`, with all problems reported at once."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import itemgetter
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from frugalseg.core.errors import FrugalsegError
from frugalseg.params.config_file import KeyPath, merged, read_config
from frugalseg.params.contrast_checks import check_weights
from frugalseg.params.names import check_names
from frugalseg.params.resolve import check_plans
from frugalseg.params.schema import Params
from frugalseg.settings.problems import list_problems

Layer = Callable[[KeyPath], tuple[int, str]]
"""Returns how many of the keys lead to something in a layer of values, and the place of that."""


def load(path: Path, *further: Path, overrides: Mapping[str, Any] | None = None) -> Params:
    """Read and check the params file at `path`.

    Args:
        further: files whose values are laid over those of the files before them, key by key.
        overrides: values that are laid over all files, such as those of `--config`.

    Raises:
        FrugalsegError: with a line for each problem: key, file, line, what is wrong.
    """
    files = [read_config(file) for file in (path, *further)]
    document = reduce(merged, [*(file.values for file in files), overrides or {}])
    layers: list[Layer] = [file.place for file in files]
    if overrides:
        layers.append(lambda keys: (_depth(overrides, keys), "--config"))
    return parse(document, ", ".join(str(file.path) for file in files), layers)


def parse(document: Any, where: str = "params.yaml", layers: Sequence[Layer] = ()) -> Params:
    """Check a params document and everything in it that refers to something else in it.

    Args:
        where: what error messages call the document.
        layers: what the document was merged from, for the places of problems.

    Raises:
        FrugalsegError: with a line for each problem: key, what is wrong.
    """
    if not isinstance(document, Mapping):
        raise FrugalsegError(
            f"{where}: expected a mapping of sections, found {type(document).__name__}."
        )
    try:
        params = Params.model_validate(dict(document))
        problems = check_names(params) or [*check_plans(params), *check_weights(params)]
    except ValidationError as error:
        problems = list_problems(error, document)
    if problems:
        lines = [f"\n  - {_with_place(problem, layers)}" for problem in problems]
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise FrugalsegError(f"{where} has {count}:{''.join(lines)}")
    return params


def _with_place(problem: str, layers: Sequence[Layer]) -> str:
    """Insert " (file, line N)" after the key that a problem begins with.

    It is the place of the value, or of the nearest mapping that exists. Of several layers that
    have it, the last one counts: its values are laid over the others.
    """
    if not layers:
        return problem
    key, separator, message = problem.partition(": ")
    keys = tuple(int(part) if part.isdecimal() else part for part in key.split("."))
    _, place = max((layer(keys) for layer in reversed(layers)), key=itemgetter(0))
    return f"{key} ({place}){separator}{message}"


def _depth(values: Any, keys: KeyPath) -> int:
    """Return how many of `keys` lead to something in nested mappings."""
    for depth, key in enumerate(keys):
        if not isinstance(values, Mapping) or key not in values:
            return depth
        values = values[key]
    return len(keys)

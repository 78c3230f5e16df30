"""Reading `params.yaml`, with every fault found named at once."""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from frugalseg.core.errors import FrugalsegError
from frugalseg.params.config_file import KeyPath, merged, read_config
from frugalseg.params.names import check_names
from frugalseg.params.registries import check_registries
from frugalseg.params.resolve import check_plan
from frugalseg.params.schema import Params

Place = Callable[[KeyPath], str]


def load(path: Path, *further: Path, overrides: Mapping[str, Any] | None = None) -> Params:
    """Read and check the params file at `path`.

    Args:
        further: files whose values are laid over those of the files before them, key by key.
        overrides: values that are laid over all files, such as those of `--config`.

    Raises:
        FrugalsegError: one line a fault: the key, file and line, what is wrong, what was found.
    """
    files = [read_config(file) for file in (path, *further)]
    document = reduce(merged, [*(file.values for file in files), overrides or {}])
    where = ", ".join(str(file.path) for file in files)

    places = [file.place for file in files]
    places += [lambda keys: (_depth(overrides, keys), "--config")] if overrides else []
    return _checked(document, where, lambda keys: _nearest(places, keys))


def parse(document: Any, where: str = "params.yaml") -> Params:
    """Check a params document and everything in it that refers to something else in it.

    Raises:
        FrugalsegError: one line a fault: the key, what is wrong, what was found.
    """
    return _checked(document, where, lambda _: "")


def _checked(document: Any, where: str, place: Place) -> Params:
    if not isinstance(document, Mapping):
        raise FrugalsegError(
            f"{where}: expected a mapping of sections, found {type(document).__name__}."
        )
    try:
        params = Params.model_validate(dict(document))
    except ValidationError as error:
        raise FrugalsegError(_listed(_faults(error, place), where)) from None
    faults = check_registries(params) or [*check_names(params), *check_plan(params)]
    if faults:
        raise FrugalsegError(_listed([_with_place(fault, place) for fault in faults], where))
    return params


def _nearest(places: Sequence[Callable[[KeyPath], tuple[int, str]]], keys: KeyPath) -> str:
    """Return " (file, line N)" of a value, or of the nearest that there is of what should hold it.

    Of several places, the last one counts: its values are laid over the others.
    """
    depths = [place(keys) for place in places]
    deepest = max(depth for depth, _ in depths)
    return next(f" ({place})" for depth, place in reversed(depths) if depth == deepest)


def _depth(values: Any, keys: KeyPath) -> int:
    """Return how many of `keys` lead to something in nested mappings."""
    for depth, key in enumerate(keys):
        if not isinstance(values, Mapping) or key not in values:
            return depth
        values = values[key]
    return len(keys)


def _faults(error: ValidationError, place: Place) -> list[str]:
    faults = []
    for fault in error.errors(include_url=False):
        key = ".".join(str(part) for part in fault["loc"]) or "(top level)"
        message = fault["msg"].removeprefix("Value error, ")
        value = fault["input"]
        shown = "" if isinstance(value, Mapping) else f"; found {value!r}"
        faults.append(f"{key}{place(fault['loc'])}: {message}{shown}")
    return faults


def _with_place(fault: str, place: Place) -> str:
    """Add its place to a fault that begins with its key: "arms.builtin.full.model: unknown"."""
    key, separator, message = fault.partition(": ")
    parts = tuple(int(part) if part.isdecimal() else part for part in key.split("."))
    return f"{key}{place(parts)}{separator}{message}"


def _listed(faults: list[str], where: str) -> str:
    return f"{where} has {len(faults)} fault(s):\n" + "\n".join(f"  - {fault}" for fault in faults)

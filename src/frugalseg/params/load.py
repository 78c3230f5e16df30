"""Reading `params.yaml`, with every fault found named at once."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from frugalseg.errors import FrugalsegError
from frugalseg.params.plan import check_plan
from frugalseg.params.schema import Params


def load(path: Path) -> Params:
    """Read and check the params file at `path`."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise FrugalsegError(f"{path} cannot be read as YAML: {error}") from error
    return parse(document, str(path))


def parse(document: Any, where: str = "params.yaml") -> Params:
    """Check a params document and everything in it that refers to something else in it.

    Raises:
        FrugalsegError: one line a fault: the path of the key, what is wrong, what was found.
    """
    if not isinstance(document, Mapping):
        raise FrugalsegError(
            f"{where}: expected a mapping of sections, found {type(document).__name__}."
        )
    try:
        params = Params.model_validate(dict(document))
    except ValidationError as error:
        raise FrugalsegError(_describe(error, where)) from None
    faults = check_plan(params)
    if faults:
        raise FrugalsegError(_listed(faults, where))
    return params


def _describe(error: ValidationError, where: str) -> str:
    faults = []
    for fault in error.errors(include_url=False):
        key = ".".join(str(part) for part in fault["loc"]) or "(top level)"
        message = fault["msg"].removeprefix("Value error, ")
        found = fault["input"]
        shown = "" if isinstance(found, Mapping) else f"; found {found!r}"
        faults.append(f"{key}: {message}{shown}")
    return _listed(faults, where)


def _listed(faults: list[str], where: str) -> str:
    return f"{where} has {len(faults)} fault(s):\n" + "\n".join(f"  - {fault}" for fault in faults)

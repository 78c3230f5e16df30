"""Messages of pydantic in the words of this project."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from frugalseg.core.errors import FrugalsegError

REWORDED = {
    r"Value error, ": "",
    r"Field required": "required, but missing",
    r"Input should be (?=greater|less)": "expected a number ",
    r"Input should be ": "expected ",
    r", (unable to|got a) .*| or instance of \w+": "",
    r"a valid integer": "an integer",
    r"a valid boolean": "true or false",
    r"a valid (tuple|list)": "a list",
    r"a valid dictionary": "a mapping",
    r"a valid ": "a ",
}
"""Patterns in pydantic's messages and their replacements, applied in this order."""


class OptionsError(FrugalsegError):
    """Options of a data set's reader are wrong.

    Attributes:
        problems: a line for each, which begins with its name.
    """

    def __init__(self, name: str, problems: list[str]) -> None:
        super().__init__(f"Options of the data set {name}: {'; '.join(problems)}")
        self.problems = problems


def list_problems(error: ValidationError, document: Any, prefix: str = "") -> list[str]:
    """Return a line for each wrong value: its key, what was expected and what was found.

    Args:
        document: the values that were validated.
        prefix: key of `document` in `params.yaml`.
    """
    messages: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for detail in error.errors(include_url=False):
        keys = _present(document, detail["loc"])
        keys += [detail["loc"][-1]] if detail["type"] == "missing" else []
        key = ".".join(map(str, [prefix, *keys] if prefix else keys)) or "(top level)"
        message = detail["msg"]
        for pattern, words in REWORDED.items():
            message = re.sub(pattern, words, message)
        messages.setdefault(key, []).append(message)
        values[key] = detail["input"]
    problems = []
    for key, alternatives in messages.items():  # one for each type that a value may have
        message = "; ".join(alternatives).replace("; expected ", ", or ")
        shown = "" if isinstance(values[key], Mapping) else f"; found {values[key]!r}"
        problems.append(f"{key}: {message}{shown}")
    return problems


def _present(document: Any, location: tuple[int | str, ...]) -> list[int | str]:
    """Return the keys of `location` that lead to a value; pydantic adds names of its types."""
    keys = []
    for key in location:
        try:
            document = document[key]
        except (IndexError, KeyError, TypeError):
            continue
        keys.append(key)
    return keys

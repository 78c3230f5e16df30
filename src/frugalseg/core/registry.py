"""Plain-dict registries: a name in `params.yaml` stands for an object in a module.

The tables hold `"module:attribute"` strings, not objects, for two reasons: names can be checked
without importing torch (a dry run stays fast), and the digest of the code that a job uses follows
only the one entry the job names, so that adding an entry reruns nothing.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from frugalseg.core.errors import FrugalsegError


def check(table: Mapping[str, object], name: str, what: str) -> str:
    """Return `name` if `table` has it.

    Raises:
        FrugalsegError: naming `what` was looked up, the bad name, the nearest and all known names.
    """
    if name in table:
        return name
    near = get_close_matches(name, table, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise FrugalsegError(f"Unknown {what} {name!r}.{hint} Known: {', '.join(sorted(table))}.")


def lookup(table: Mapping[str, str], name: str, what: str) -> Any:
    """Import and return the object that `name` stands for in `table`."""
    module, attribute = table[check(table, name, what)].split(":")
    return getattr(import_module(module), attribute)


def module_of(table: Mapping[str, str], name: str, what: str) -> str:
    """Return the dotted name of the module that holds the object `name` stands for."""
    return table[check(table, name, what)].split(":")[0]

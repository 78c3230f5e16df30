"""Plain-dict registries: a name in `params.yaml` stands for an object in a module.

The tables hold `"module:attribute"` strings, not objects: names are checked without importing
torch, which keeps a dry run fast, and the code digest of a job follows only the entry that the job
names, so that adding an entry reruns nothing.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any

from frugalseg.core.errors import FrugalsegError


def check(table: Mapping[str, object], name: str, what: str) -> str:
    """Return `name` if `table` has it.

    Args:
        what: what the table lists, for the message.

    Raises:
        FrugalsegError: an unknown name; the message gives the nearest and all valid names.
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
    """Return the dotted name of the module of the object that `name` stands for."""
    return table[check(table, name, what)].split(":")[0]

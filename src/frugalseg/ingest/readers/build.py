"""Make a data set reader from its name and options in `params.yaml`."""

from dataclasses import fields
from typing import Any

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import lookup
from frugalseg.ingest.readers import DATASETS
from frugalseg.ingest.readers.reader import Reader


def build_reader(name: str, **options: Any) -> Reader:
    """Make the reader `name` of `DATASETS`; an option that is None keeps the reader's default.

    Raises:
        FrugalsegError: an unknown reader or option, naming the valid ones.
    """
    kind: type[Reader] = lookup(DATASETS, name, "data set")
    valid_names = sorted(field.name for field in fields(kind))
    if unknown := sorted(set(options) - set(valid_names)):
        raise FrugalsegError(
            f"The data set {name} takes no option {', '.join(unknown)}. "
            f"Known: {', '.join(valid_names)}."
        )
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in options.items()
        if value is not None
    }
    return kind(**values)

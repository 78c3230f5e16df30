"""From a name and options, as `params.yaml` gives them, to a data set reader."""

from dataclasses import fields
from typing import Any

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.registry import lookup
from frugalseg.ingest.readers import DATASETS
from frugalseg.ingest.sample import DataSet


def build_reader(name: str, **options: Any) -> DataSet:
    """Make the reader `name` of `DATASETS`; an option that is None keeps the reader's default.

    Raises:
        FrugalsegError: an unknown reader or option, naming the known ones.
    """
    reader = lookup(DATASETS, name, "data set")
    given = {key: value for key, value in options.items() if value is not None}
    known = sorted(field.name for field in fields(reader))
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise FrugalsegError(
            f"The data set {name} takes no option {', '.join(unknown)}. Known: {', '.join(known)}."
        )
    built: DataSet = reader(
        **{key: tuple(v) if isinstance(v, list) else v for key, v in given.items()}
    )
    return built

"""Make a data set reader from its name and options in `params.yaml`."""

from typing import Any

from frugalseg.core.registry import lookup
from frugalseg.ingest.readers import DATASETS
from frugalseg.ingest.readers.reader import Reader


def build_reader(name: str, **options: Any) -> Reader:
    """Make the reader `name` of `DATASETS`; an option that is None keeps the reader's default.

    Raises:
        FrugalsegError: an unknown reader or option, naming the valid ones; a wrong value.
    """
    kind: type[Reader] = lookup(DATASETS, name, "data set")
    return kind.with_options(options)

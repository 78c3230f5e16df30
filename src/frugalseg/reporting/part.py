"""A part of a section of the page: a title, sentences, tables and the figures it shows."""

from dataclasses import dataclass

from frugalseg.reporting.table import Table


@dataclass(frozen=True)
class Part:
    """What stands under one heading.

    Attributes:
        key: anchor on the page.
        group: group of figures that stand between the sentences and the tables; may be empty.
    """

    key: str
    title: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    group: str = ""

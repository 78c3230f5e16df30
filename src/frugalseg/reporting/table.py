"""Sections of the page and their tables, with downloads as CSV and LaTeX."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.palette import ArmStyle

NO_ARMS: Mapping[str, ArmStyle] = MappingProxyType({})


@dataclass(frozen=True)
class Column:
    """How one column of the data is shown.

    Attributes:
        write: turns a value into text; columns with it are numbers and sort as such.
        note: what the column means, shown on its header.
        arm: whether the column names arms, which are shown with their markers.
    """

    key: str
    label: str
    write: Callable[[Any], str] | None = None
    note: str = ""
    arm: bool = False


ARM = Column("arm", "Arm", arm=True)
ROUND = Column("round", "Round", wording.count)
PAIR = (Column("a", "a", arm=True), Column("b", "b", arm=True))


@dataclass(frozen=True)
class Cell:
    """One cell; `style` is that of the arm it names."""

    text: str
    sort: str
    numeric: bool
    style: ArmStyle | None = None


@dataclass(frozen=True)
class Table:
    """A table ready for the template.

    Attributes:
        name: file name of the downloads and start of the rows' anchors (`<name>-<row>`).
        data: what the CSV download holds.
        anchors: whether rows have anchors.
        tab: label of the table where one of several is shown at a time.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    data: pd.DataFrame
    anchors: bool = False
    tab: str = ""

    @property
    def csv_uri(self) -> str:
        """The data as a CSV data URI."""
        return csv_uri(self.data.to_csv(index=False))

    @property
    def latex_uri(self) -> str:
        """The cells as a LaTeX tabular in a data URI."""
        return "data:text/x-tex;charset=utf-8," + quote(latex(self))


@dataclass(frozen=True)
class Section:
    """What stands under one heading of the page.

    Attributes:
        figures: group of the figures between the sentences and the tables; "" for none.
        key: anchor on the page.
    """

    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: str = ""
    key: str = ""


def csv_uri(text: str) -> str:
    """Return CSV text as a data URI."""
    return "data:text/csv;charset=utf-8," + quote(text)


def build_table(
    name: str,
    caption: str,
    data: pd.DataFrame,
    columns: Sequence[Column],
    styles: Mapping[str, ArmStyle] = NO_ARMS,
) -> Table:
    """Write every row of `data`; columns that the data lacks are left out."""
    shown = tuple(column for column in columns if column.key in data)
    rows = tuple(
        tuple(_cell(column, row[column.key], styles) for column in shown)
        for row in data.to_dict("records")
    )
    return Table(name, caption, shown, rows, data)


def _cell(column: Column, value: Any, styles: Mapping[str, ArmStyle]) -> Cell:
    empty = wording.missing(value)
    if column.write is not None:
        return Cell(column.write(value), "" if empty else repr(float(value)), numeric=True)
    text = "" if empty else str(value)
    return Cell(text, text, numeric=False, style=styles.get(text) if column.arm else None)


_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "−": "$-$",
        "–": "--",
        **{sign: "\\" + sign for sign in "&%$#_{}"},
    }
)


def latex(table: Table) -> str:
    """Return the table as a LaTeX tabular in the style of booktabs."""
    kinds = "".join("r" if column.write else "l" for column in table.columns)
    texts = [[column.label for column in table.columns]]
    texts += [[cell.text for cell in row] for row in table.rows]
    head, *body = (" & ".join(text.translate(_LATEX) for text in row) + r" \\" for row in texts)
    lines = [f"\\begin{{tabular}}{{{kinds}}}", r"\toprule", head, r"\midrule", *body]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}", ""])

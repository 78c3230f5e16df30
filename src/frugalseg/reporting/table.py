"""Tables of the page: cells with a text to read and a value to sort by, and their downloads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.palette import ArmStyle


@dataclass(frozen=True)
class Column:
    """How one column of the data is shown.

    Attributes:
        write: turns a value into text; columns with it are numbers and sort as such.
        note: what the column means, shown on its header.
        arm: the column names arms, shown with their mark.
    """

    key: str
    label: str
    write: Callable[[Any], str] | None = None
    note: str = ""
    arm: bool = False


@dataclass(frozen=True)
class Cell:
    """One cell; `style` is that of the arm it names."""

    text: str
    sort: str
    numeric: bool
    style: ArmStyle | None = None


@dataclass(frozen=True)
class Table:
    """A table ready for the template; `data` is what its downloads hold."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    data: pd.DataFrame
    anchors: bool = False

    @property
    def csv_uri(self) -> str:
        """The data as a CSV data URI."""
        return csv_uri(self.data.to_csv(index=False))

    @property
    def latex_uri(self) -> str:
        """The cells as a LaTeX tabular in a data URI."""
        return "data:text/x-tex;charset=utf-8," + quote(latex(self))


def csv_uri(text: str) -> str:
    """Return CSV text as a data URI."""
    return "data:text/csv;charset=utf-8," + quote(text)


def build_table(
    name: str,
    caption: str,
    data: pd.DataFrame,
    columns: Sequence[Column],
    styles: Mapping[str, ArmStyle],
    *,
    anchors: bool = False,
) -> Table:
    """Write every row of `data` in the given columns; columns the data lacks are left out.

    Args:
        name: file name of the downloads and start of the rows' anchors (`<name>-<row>`).
    """
    shown = tuple(column for column in columns if column.key in data)
    rows = tuple(
        tuple(_cell(column, row[column.key], styles) for column in shown)
        for row in data.to_dict("records")
    )
    return Table(name, caption, shown, rows, data, anchors)


def _cell(column: Column, value: Any, styles: Mapping[str, ArmStyle]) -> Cell:
    empty = wording.missing(value)
    if column.write is not None:
        return Cell(column.write(value), "" if empty else repr(float(value)), numeric=True)
    text = "" if empty else str(value)
    return Cell(text, text, numeric=False, style=styles.get(text) if column.arm else None)


_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "−": "$-$",
    "–": "--",
    **{sign: "\\" + sign for sign in "&%$#_{}"},
}


def latex(table: Table) -> str:
    """Return the table as a LaTeX tabular in the style of booktabs."""
    kinds = "".join("r" if column.write else "l" for column in table.columns)
    head = " & ".join(_escape(column.label) for column in table.columns)
    lines = [" & ".join(_escape(cell.text) for cell in row) + r" \\" for row in table.rows]
    body = "\n".join(lines)
    return (
        f"\\begin{{tabular}}{{{kinds}}}\n\\toprule\n{head} \\\\\n\\midrule\n{body}\n"
        "\\bottomrule\n\\end{tabular}\n"
    )


def _escape(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in text)

from io import StringIO
from urllib.parse import unquote

import pandas as pd

from frugalseg.reporting import wording
from frugalseg.reporting.palette import style_arms
from frugalseg.reporting.table import Column, Table, build_table, csv_uri, latex

STYLES = style_arms(["a_1", "b"], [], {})
DATA = pd.DataFrame({"arm": ["a_1", "b"], "x": [0.5, float("nan")], "note": ["50 % <b>", "ü, #"]})
COLUMNS = [
    Column("arm", "Arm", arm=True),
    Column("x", "X", wording.score),
    Column("absent", "Absent"),
    Column("note", "Note"),
]


def table() -> Table:
    return build_table("t", "T", DATA, COLUMNS, STYLES)


def test_cells_have_a_text_and_a_value_to_sort_by() -> None:
    rows = table().rows
    assert [column.key for column in table().columns] == ["arm", "x", "note"]
    assert (rows[0][1].text, rows[0][1].sort, rows[0][1].numeric) == ("0.500", "0.5", True)
    assert (rows[1][1].text, rows[1][1].sort) == ("–", "")
    assert rows[0][0].style == STYLES["a_1"]
    assert rows[0][2].style is None


def test_csv_comes_back_from_its_link() -> None:
    head, body = table().csv_uri.split(",", 1)
    assert head == "data:text/csv;charset=utf-8"
    pd.testing.assert_frame_equal(pd.read_csv(StringIO(unquote(body))), DATA)
    assert "<" not in csv_uri("<b>")


def test_latex_by_hand() -> None:
    assert latex(table()) == (
        "\\begin{tabular}{lrl}\n\\toprule\nArm & X & Note \\\\\n\\midrule\n"
        "a\\_1 & 0.500 & 50 \\% \\textless{}b\\textgreater{} \\\\\n"
        "b & -- & ü, \\# \\\\\n\\bottomrule\n\\end{tabular}\n"
    )
    assert table().latex_uri.startswith("data:text/x-tex;charset=utf-8,%5Cbegin")

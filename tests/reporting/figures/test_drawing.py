from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

from frugalseg.core.errors import FrugalsegError
from frugalseg.reporting.figures.drawing import (
    FILE_ONLY,
    Drawing,
    load_records,
    save_drawing,
    save_records,
)


def drawing(group: str = "") -> Drawing:
    data = pd.DataFrame({"x": [1.23456789]})
    return Drawing(
        name="d",
        title="T",
        caption="C",
        alt="A",
        data=data,
        draw=lambda width: Figure(figsize=(width, 1)),
        group=group,
    )


def test_files_of_a_drawing(tmp_path: Path) -> None:
    record = save_drawing(drawing(), tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"d.svg", "d.png", "d.pdf", "d.csv", "d-narrow.svg"}
    assert (tmp_path / "d.csv").read_text() == "x\n1.23457\n"
    assert (record.title, record.caption, record.alt) == ("T", "C", "A")


def test_a_figure_that_is_only_a_file_has_no_narrow_one(tmp_path: Path) -> None:
    save_drawing(drawing(FILE_ONLY), tmp_path)
    assert not (tmp_path / "d-narrow.svg").exists()


def test_records_come_back(tmp_path: Path) -> None:
    records = [save_drawing(drawing(), tmp_path)]
    save_records(records, tmp_path)
    assert load_records(tmp_path) == records


def test_missing_records_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(FrugalsegError, match="Draw the figures before the page"):
        load_records(tmp_path)

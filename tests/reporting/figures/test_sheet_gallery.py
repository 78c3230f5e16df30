from dataclasses import replace

import numpy as np
import pandas as pd

from frugalseg.reporting.figures.canvas import NARROW, WIDE, house_style
from frugalseg.reporting.figures.gallery import share_of, shares, sheet_drawings, sheet_rows
from frugalseg.reporting.load.study import Study


def test_rows_run_from_small_to_large_then_empty(study: Study) -> None:
    found = shares(study.index).iloc[sheet_rows(study)].to_numpy()
    assert (found > 0).sum() == 9
    assert (found[9:] == 0).all()
    assert (np.diff(found[:9]) >= 0).all()


def test_images_without_mask_are_not_called_free_of_defects(study: Study) -> None:
    index = study.index.copy()
    index["foreground"] = index["foreground"].where(index["foreground"] > 0)
    found = sheet_rows(replace(study, index=index))
    assert shares(index).iloc[found].notna().all()
    assert share_of(pd.DataFrame({"foreground": [None], "pixels": [4]}), 0) == ""


def test_shares_in_words() -> None:
    index = pd.DataFrame({"foreground": [0, 1, 50], "pixels": [100, 100, 100]})
    assert [share_of(index, row) for row in range(3)] == ["no defect", "1.0%", "50%"]


def test_without_any_mask_the_sheet_still_shows_images(study: Study) -> None:
    bare = study.index.drop(columns=["foreground"])
    assert len(sheet_rows(replace(study, index=bare))) == 12


def test_one_picture_a_row(study: Study) -> None:
    drawing = next(sheet_drawings(study))
    for width in (WIDE, NARROW):
        with house_style():
            figure = drawing.draw(width)
        assert sum(bool(ax.images) for ax in figure.axes) == len(drawing.data) == 12

from pathlib import Path

import numpy as np
import pandas as pd

from frugalseg.core.randomness import generator
from frugalseg.quick.answer import Answer, Request
from frugalseg.quick.curve import score_table
from frugalseg.quick.page import TOO_SHORT, curve_table, print_answer, write_page
from frugalseg.statistics.forecast.table import forecast_tables

REQUEST = Request(Path("squares"), count=1)


def found(budgets: int) -> Answer:
    dices = {seed: np.array([0.2, 0.4 + seed / 10, 0.6])[:budgets] for seed in range(3)}
    scores = score_table(dices, [1, 2, 4][:budgets], labeled=8, mask_seconds=60)
    tables = forecast_tables(scores, {"frozen": ["frozen"]}, "dice", generator(0))
    suggestions = pd.DataFrame({"image_id": ["<i>"], "score": [0.5]})
    return Answer(["8 masks."], scores, tables, suggestions, {"<i>": np.zeros((9, 9, 1), np.uint8)})


def test_a_budget_has_the_mean_and_the_range_over_seeds() -> None:
    table = curve_table(found(3).scores)
    assert table["images"].tolist() == [1, 2, 4]
    assert table["mean"].round(6).tolist() == [0.2, 0.5, 0.6]
    assert table["min"].tolist() == [0.2, 0.4, 0.6]
    told = print_answer(found(3), REQUEST)
    assert "     2  0.500  0.400 to 0.600" in told
    assert "1 image to label next, by entropy" in told


def test_a_curve_of_two_points_has_no_forecast_and_no_figure(tmp_path: Path) -> None:
    assert TOO_SHORT in print_answer(found(2), REQUEST)
    for budgets in (2, 3):
        write_page(found(budgets), REQUEST, tmp_path / "page.html")
        page = (tmp_path / "page.html").read_text("utf-8")
        assert ("<svg" in page) == (budgets == 3)
        assert "<i>" not in page
        assert "&lt;i&gt;" in page

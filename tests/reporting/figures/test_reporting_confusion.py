from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from frugalseg.reporting.figures.canvas import NARROW, house_style
from frugalseg.reporting.figures.confusion import confusion_drawings, confusion_section, shares
from frugalseg.reporting.figures.figures import draw
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.page.page import render
from tests.reporting.study_factory import Plan, make_study


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Study:
    plan = Plan(classes=("pit", "<b id=x>", "$a$"), seeds=2, images=8)
    return make_study(tmp_path_factory.mktemp("classes"), plan)


def test_rows_are_shares_over_all_seeds_of_the_last_round(classes: Study) -> None:
    table = classes.table("confusion").copy()
    early = (table["arm"] == "random") & (table["round"] == 1)
    table.loc[early, "pixels"] = 7  # an earlier round has no part
    matrix = shares(replace(classes, further={"confusion": table}), "random")
    assert matrix is not None
    assert np.diag(matrix).tolist() == pytest.approx([1.0, 0.61, 0.62, 0.63])
    assert matrix.sum(axis=1).tolist() == pytest.approx([1] * 4)
    assert matrix[1:, 0].tolist() == pytest.approx([0.39, 0.38, 0.37])


def test_a_class_that_is_not_there_has_no_share(classes: Study) -> None:
    table = classes.table("confusion").copy()
    table.loc[table["true"] == 2, "pixels"] = 0
    (found, *_) = confusion_drawings(replace(classes, further={"confusion": table}))
    assert found.data.set_index("true").loc["<b id=x>"].isna().all()
    assert "<b id=x>" not in found.alt
    with house_style():
        texts = [text.get_text() for text in found.draw(NARROW).axes[0].texts]
    assert texts.count("–") == 4


def test_every_arm_has_a_figure_and_rows_in_the_table(classes: Study) -> None:
    drawings = list(confusion_drawings(classes))
    assert [drawing.tab for drawing in drawings] == list(classes.arms)
    assert "pit 0.61, most often missed as background" in drawings[0].alt
    section = confusion_section(classes)
    assert section is not None
    (table,) = section.tables
    assert len(table.rows) == 4 * len(classes.arms)
    assert [cell.text for cell in table.rows[1]] == ["full", "pit", "39%", "61%", "0%", "0%"]


@pytest.mark.parametrize("without", ["classes", "table"])
def test_one_class_or_no_table_has_no_section(classes: Study, without: str) -> None:
    lone = replace(classes, card={**classes.card, "classes": ["pit"]})
    bare = replace(classes, further={"confusion": pd.DataFrame()})
    study = lone if without == "classes" else bare
    assert confusion_section(study) is None
    assert not list(confusion_drawings(study))


def test_the_page_escapes_the_names_of_classes(tmp_path: Path, classes: Study) -> None:
    figures = tmp_path / "figures"
    draw(confusion_drawings(classes), figures)
    render(classes, figures, tmp_path / "index.html")
    page = (tmp_path / "details.html").read_text("utf-8")
    assert '<section id="classes"' in page
    assert "&lt;b id=x&gt;" in page
    assert "<b id=x>" not in page

"""One small made-up study, written, read and rendered once for all tests here."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from frugalseg.reporting.figures.drawing import FigureRecord
from frugalseg.reporting.figures.figures import draw_all
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.page.page import Summary, render
from tests.reporting.study_factory import Plan, make_study

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(3)>'


@dataclass(frozen=True)
class Rendered:
    """A study's page and figures."""

    study: Study
    records: list[FigureRecord]
    figures: Path
    page: Path
    summary: Summary

    @property
    def html(self) -> str:
        return self.page.read_text("utf-8")


def render_plan(folder: Path, plan: Plan, *, lean: bool = False) -> Rendered:
    """Make up, draw and render the study of `plan`; lean: with half of its figures."""
    study = make_study(folder, plan)
    if lean:
        curve = study.curve.drop(columns=["pixels", "seconds"])
        study = replace(study, curve=curve, histories=study.histories.drop(columns=["loss"]))
    page = folder / "reports" / "made-up" / "index.html"
    figures = page.parent / "figures"
    records = draw_all(study, figures)
    summary = render(study, figures, page)
    return Rendered(study, records, figures, page, summary)


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    return render_plan(tmp_path_factory.mktemp("study"), Plan())


@pytest.fixture(scope="session")
def study(rendered: Rendered) -> Study:
    return rendered.study


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    plan = Plan(name=SCRIPT, classes=(SCRIPT, "$b_1"), image_prefix=IMAGE, seeds=2, channels=3)
    return render_plan(tmp_path_factory.mktemp("hostile"), plan)

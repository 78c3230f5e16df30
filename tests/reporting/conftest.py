"""One small made-up study, written, read and rendered once for all tests here."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from frugalseg.reporting.figures.drawing import FigureRecord
from frugalseg.reporting.figures.figures import draw_all
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.page.page import Summary, render
from tests.reporting.browser import launch
from tests.reporting.study_factory import Plan, make_study

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(3)>'


@dataclass(frozen=True)
class Rendered:
    """A study's pages and figures."""

    study: Study
    records: list[FigureRecord]
    figures: Path
    page: Path
    summary: Summary

    @property
    def details(self) -> Path:
        return self.page.with_name("details.html")


def render_plan(folder: Path, plan: Plan, *, lean: bool = False) -> Rendered:
    """Make up, draw and render the study of `plan`; lean: with half of its figures."""
    study = make_study(folder, plan)
    if lean:
        curve = study.curve.drop(columns=["pixels", "seconds"])
        study = replace(study, curve=curve, histories=study.histories.drop(columns=["loss"]))
    return render_study(folder, study)


def render_study(folder: Path, study: Study) -> Rendered:
    """Draw and render a study into `folder`."""
    page = folder / "reports" / "made-up" / "index.html"
    figures = page.parent / "figures"
    records = draw_all(study, figures)
    summary = render(study, figures, page)
    return Rendered(study, records, figures, page, summary)


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return make_study(tmp_path_factory.mktemp("study"), Plan())


@pytest.fixture(scope="session")
def rendered(study: Study, tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    return render_study(tmp_path_factory.mktemp("rendered"), study)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    plan = Plan(name=SCRIPT, classes=(SCRIPT, "$b_1"), image_prefix=IMAGE, seeds=2, channels=3)
    return render_plan(tmp_path_factory.mktemp("hostile"), plan)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with launch() as chromium:
        yield chromium

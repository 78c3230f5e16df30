from dataclasses import replace
from pathlib import Path

import pandas as pd
from PIL import Image

from frugalseg.reporting.figures.figures import draw_all
from frugalseg.reporting.load.purchases import Purchases
from frugalseg.reporting.load.study import Study
from tests.reporting.conftest import Rendered


def test_every_figure_has_its_files_and_words(rendered: Rendered) -> None:
    names = [record.name for record in rendered.records]
    assert len(set(names)) == len(names) == 19
    for record in rendered.records:
        assert Image.open(rendered.figures / f"{record.name}.png").width > 400
        assert not pd.read_csv(rendered.figures / f"{record.name}.csv").empty
        assert min(map(len, (record.title, record.caption, record.alt))) > 15
        assert record.alt != record.caption


def test_figures_are_the_same_bytes_again_in_several_processes(
    rendered: Rendered, tmp_path: Path
) -> None:
    draw_all(rendered.study, tmp_path, processes=3)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == sorted(path.name for path in rendered.figures.iterdir())
    differing = [
        name
        for name in files
        if (tmp_path / name).read_bytes() != (rendered.figures / name).read_bytes()
    ]
    assert not differing


def test_the_same_arm_has_the_same_color_in_every_figure(rendered: Rendered, study: Study) -> None:
    color = study.styles["random"].color
    for name in (
        "curve-images",
        "curve-time",
        "contrasts",
        "training-loss",
        "overview",
        "headline",
    ):
        assert color in (rendered.figures / f"{name}.svg").read_text()


def test_only_figures_with_something_to_show_are_drawn(study: Study, tmp_path: Path) -> None:
    draw_all(
        replace(
            study,
            samples={},
            purchases=Purchases(),
            contrasts=study.contrasts.iloc[:0],
            histories=study.histories.iloc[:0],
            curve=study.curve.drop(columns=["pixels", "seconds"]),
            further={n: t for n, t in study.further.items() if n not in ("forecast", "targets")},
        ),
        tmp_path,
    )
    drawn = sorted(path.stem for path in tmp_path.glob("*.png"))
    assert drawn == [
        *("budget-areas", "curve-images", "data-sheet", "defect-areas"),
        *("headline", "overview", "ranking"),
    ]

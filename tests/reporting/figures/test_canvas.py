from pathlib import Path

import matplotlib as mpl
import numpy as np
from PIL import Image

from frugalseg.reporting.figures.canvas import (
    DPI,
    ON_DARK,
    ON_LIGHT,
    choose_evenly,
    clear_side,
    draw_marks,
    draw_matrix,
    house_style,
    name_rows,
    new_figure,
    new_mosaic,
    panels,
    save_figure,
)
from frugalseg.reporting.palette import css_variables, style_arms

STYLE = style_arms(["full"], ["full"], {})["full"]


def save(folder: Path) -> tuple[bytes, bytes]:
    folder.mkdir()
    with house_style():
        figure = new_figure(3, 2)
        ax = figure.add_subplot()
        draw_marks(ax, [1, 2], [3, 4], STYLE, 5)
        ax.set_title("$x$ <b>")
        save_figure(figure, folder / "a.svg")
        save_figure(figure, folder / "a.png")
    return (folder / "a.svg").read_bytes(), (folder / "a.png").read_bytes()


def test_the_same_drawing_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = save(tmp_path / "one"), save(tmp_path / "two")
    assert first == second
    assert b"<dc:date>" not in first[0]


def test_text_is_text(tmp_path: Path) -> None:
    svg, _ = save(tmp_path / "one")
    assert b"$x$ &lt;b&gt;</text>" in svg


def test_size_in_pixels(tmp_path: Path) -> None:
    save(tmp_path / "one")
    assert Image.open(tmp_path / "one" / "a.png").size == (3 * DPI, 2 * DPI)


def test_the_style_ends_with_its_block() -> None:
    before = dict(mpl.rcParams)
    with house_style():
        assert not mpl.rcParams["text.parse_math"]
    assert dict(mpl.rcParams) == before


def test_marks_beside_the_axes_leave_its_limits() -> None:
    ax = new_figure(3, 2).add_subplot()
    draw_marks(ax, [0, 1], [0, 1], STYLE, 5)
    limits = ax.get_xlim()
    draw_marks(ax, [5], [5], STYLE, 5, beside=True)
    np.testing.assert_allclose(ax.get_xlim(), limits)


def test_a_cleared_side_has_no_spine() -> None:
    ax = new_mosaic(3, 2).add_subplot()
    clear_side(ax)
    assert not ax.spines["left"].get_visible()


def test_text_on_cells_of_one_color_keeps_its_own_in_both_themes() -> None:
    swapped = {color for color, _ in css_variables().values()}
    assert not {ON_LIGHT, ON_DARK} & swapped


def test_places_are_chosen_evenly_with_both_ends() -> None:
    assert choose_evenly(3, 5) == [0, 1, 2]
    assert choose_evenly(13, 5) == [0, 3, 6, 9, 12]
    assert choose_evenly(1, 5) == [0]
    assert choose_evenly(0, 5) == []


def test_panels_that_are_left_over_stay_blank() -> None:
    figure, axes = panels(["a", "b", "c"], 2, 3, 2)
    assert [ax.get_title("left") or ax.get_title() for ax in axes] == ["a", "b", "c"]
    assert [ax.axison for ax in figure.axes] == [True, True, True, False]


def test_every_cell_of_a_matrix_has_its_share_and_nan_a_dash() -> None:
    _, ax = draw_matrix(np.array([[1, 0.25], [np.nan, 0.5]]), ["a", "b"], 3, 2)
    assert [text.get_text() for text in ax.texts] == ["1.00", "0.25", "–", "0.50"]
    assert [text.get_text() for text in ax.get_xticklabels()] == ["a", "b"]


def test_rows_are_named_without_ticks() -> None:
    ax = new_figure(3, 2).add_subplot()
    name_rows(ax, ["one", "two"], 3)
    assert [text.get_text() for text in ax.get_yticklabels()] == ["one", "two"]
    assert not ax.spines["left"].get_visible()

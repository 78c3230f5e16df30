from pathlib import Path

import pytest

from frugalseg.reporting.figures.canvas import house_style, new_figure, save_figure
from frugalseg.reporting.page.templating import inline_svg
from frugalseg.reporting.palette import LIGHT
from tests.reporting.page_parser import parse


@pytest.fixture
def svg(tmp_path: Path) -> Path:
    with house_style():
        figure = new_figure(3, 2)
        ax = figure.add_subplot()
        ax.plot([0, 1], [0, 1], "o-", color=LIGHT[0])
        ax.set_title(f"<script>alert(1)</script> {LIGHT[0]}")
        save_figure(figure, tmp_path / "a.svg")
    return tmp_path / "a.svg"


def test_alternative_text_is_escaped(svg: Path) -> None:
    markup = inline_svg(svg, '"><img src=x onerror=alert(1)>', "a")
    page = parse(markup)
    assert page.of("svg")[0]["aria-label"] == '"><img src=x onerror=alert(1)>'
    assert page.of("svg")[0]["role"] == "img"
    assert not page.of("img")
    assert not page.of("script")


def test_colors_follow_the_theme_and_names_do_not(svg: Path) -> None:
    markup = inline_svg(svg, "alt", "a")
    assert "var(--arm-0)" in markup
    assert "var(--ink)" in markup
    assert f"alert(1)&lt;/script&gt; {LIGHT[0]}" in markup


def test_ids_are_prefixed_and_references_still_resolve(svg: Path) -> None:
    page = parse(inline_svg(svg, "alt", "one"))
    ids = page.values("id")
    assert ids
    assert all(name.startswith("one-") for name in ids)
    used = [link.removeprefix("#") for link in page.values("xlink:href")]
    used += [clip[5:-1] for clip in page.values("clip-path")]
    assert used
    assert set(used) <= set(ids)
    assert not set(ids) & set(parse(inline_svg(svg, "alt", "two")).values("id"))


def test_it_scales(svg: Path) -> None:
    attributes = parse(inline_svg(svg, "alt", "a")).of("svg")[0]
    assert attributes["viewbox"] == "0 0 216 144"
    assert "width" not in attributes

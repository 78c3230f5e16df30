"""What `scripts/refresh_example.py` makes of a page, and what it refuses."""

import re
from pathlib import Path

import pytest
import refresh_example

from frugalseg.core.errors import FrugalsegError
from tests.reporting.conftest import Rendered
from tests.reporting.page_parser import parse

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "docs/example"
PAGES = ("index.html",)


@pytest.mark.parametrize("name", PAGES)
def test_the_example_has_the_sections_and_the_style_of_this_revision(
    rendered: Rendered, name: str
) -> None:
    text = (EXAMPLE / name).read_text("utf-8")
    expected = rendered.page.with_name(name).read_text("utf-8")
    sections, made = ([a["id"] for a in parse(page).of("section")] for page in (text, expected))
    assert [section for section in sections if section in made] == made
    styles, ours = (set(re.findall(r"^\.([\w-]+) \{", page, re.M)) for page in (text, expected))
    assert ours <= styles  # a study of more images has a style for each of its photos


def test_the_example_opens_alone_and_is_small() -> None:
    ids = {name: set(parse((EXAMPLE / name).read_text("utf-8")).values("id")) for name in PAGES}
    for name in PAGES:
        links = parse((EXAMPLE / name).read_text("utf-8")).values("href")
        for link in links:
            if not re.match("data:|https?:", link):
                page, _, target = link.partition("#")
                assert target in {*ids[page or name], ""}
    assert sum((EXAMPLE / name).stat().st_size for name in PAGES) < 3_000_000
    assert (ROOT / "docs/images/report.png").stat().st_size < 200_000


def test_links_out_of_the_example_become_words() -> None:
    kept = '<a href="#x">A</a> <a class="b" href="index.html#y">B</a> <a href="data:,">C</a>'
    assert refresh_example.without_links_out(kept) == kept
    out = 'D <a href="../index.html">all</a>, <a href="figures/a.png">PNG</a>'
    assert refresh_example.without_links_out(out) == "D all, PNG"


def test_a_study_that_has_not_been_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FrugalsegError, match=r"index.html does not exist. Run `make reports`"):
        refresh_example.refresh(tmp_path, tmp_path)
    assert not list(tmp_path.iterdir())

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest

from frugalseg.reporting.figures.drawing import load_records, save_records
from frugalseg.reporting.load.study import Study
from frugalseg.reporting.page.chart import library
from frugalseg.reporting.page.page import EVIDENCE, render, render_index
from tests.reporting.conftest import IMAGE, SCRIPT, Rendered, render_plan
from tests.reporting.page_parser import Parsed, parse
from tests.reporting.study_factory import ARMS, Plan

SCRIPTS = 7
"""Two of every page, three of the chart (data, library, drawing), two of the gallery."""


def read(path: Path) -> Parsed:
    return parse(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def first(rendered: Rendered) -> Parsed:
    return read(rendered.page)


@pytest.fixture(scope="module")
def page(rendered: Rendered) -> Parsed:
    return read(rendered.details)


def test_sections_are_in_the_order_of_the_contents(
    first: Parsed, page: Parsed, rendered: Rendered
) -> None:
    contents = {True: "<nav", False: '<nav class="contents"'}
    before = "cost forecast comparisons evidence bought training"
    sections = {
        "answer decisions next samples": first,
        f"{before} samples data scores reproduce": page,
    }
    for expected, parsed in sections.items():
        ids = [attributes["id"] for attributes in parsed.of("section")]
        assert ids == expected.split()
        html = (rendered.page if parsed is first else rendered.details).read_text("utf-8")
        names = re.findall(r'<a href="#(\w+)">', html[html.index(contents[parsed is first]) :])
        assert [name for name in dict.fromkeys(names) if name in ids] == ids


def test_every_inner_link_leads_somewhere(first: Parsed, page: Parsed) -> None:
    ids = {"index.html": set(first.values("id")), "details.html": set(page.values("id"))}
    for name, parsed in (("index.html", first), ("details.html", page)):
        assert len(ids[name]) == len(parsed.values("id"))
        links = [*parsed.values("href"), *parsed.values("xlink:href")]
        pairs = [link.partition("#") for link in links if not link.startswith("data:")]
        inner = [(to or name, target) for to, _, target in pairs if (to or name) in ids]
        assert all(target in {*ids[to], ""} for to, target in inner)
        assert {to for to, _ in inner} == set(ids)


@pytest.mark.parametrize("name", ["index.html", "details.html"])
def test_nothing_is_loaded_from_anywhere(rendered: Rendered, name: str) -> None:
    html = rendered.page.with_name(name).read_text("utf-8")
    page = parse(html)
    assert all(source.startswith("data:") for source in page.values("src"))
    assert [a["href"] for a in page.of("link")] == ["data:,"]
    styles = html.split("<style>")[1].split("</style>")[0]
    assert set(re.findall(r"url\(\"?([a-z]+:)", styles)) == {"data:"}
    assert "@import" not in styles
    ours = html.replace(library(), "")
    assert (len(html) - len(ours) > 1_000_000) == (name == "details.html")
    assert not re.search(r"\b(fetch|XMLHttpRequest|import)\b *\(", ours)


def test_files_beside_the_page_are_there(page: Parsed, rendered: Rendered) -> None:
    files = [a["href"] for a in page.of("a") if a["href"].startswith("figures/")]
    assert len(files) >= 20
    assert all((rendered.page.parent / name).is_file() for name in files)


def test_every_figure_has_an_alternative_and_a_caption(
    first: Parsed, page: Parsed, rendered: Rendered
) -> None:
    for parsed in (first, page):
        drawn = parsed.of("svg")
        assert all(a["role"] == "img" and len(a["aria-label"]) > 20 for a in drawn)
        figures = parsed.of("figure")
        still = [figure for figure in figures if "class" not in figure]
        assert len(drawn) == 2 * len(still)
        assert len(parsed.of("figcaption")) == len(figures)
        photos = [a for _, a in parsed.tags if a.get("class", "").startswith("photo ")]
        assert photos
        assert all(a["aria-label"] for a in photos)
    for record in rendered.records:
        if record.name != "overview":
            shown = first if record.name == "headline" else page
            assert " ".join(record.caption.split()) in shown.text


def test_numbers_equal_those_of_the_files(page: Parsed, rendered: Rendered) -> None:
    download = next(a for a in page.of("a") if a.get("download") == "contrasts.csv")
    tables = [a["href"] for a in page.of("a") if a.get("download") == "contrasts.csv"]
    assert download["href"].startswith("data:text/csv")
    found = pd.read_csv(StringIO(unquote(tables[-1].split(",", 1)[1])), dtype={"at": str})
    pd.testing.assert_frame_equal(
        found[["a", "b", "difference", "p_adjusted"]],
        rendered.study.contrasts[["a", "b", "difference", "p_adjusted"]],
    )
    for mean in rendered.study.curve.query("metric == 'dice'")["mean"]:
        assert f"{mean:.3f}" in page.text


def test_parameters_versions_hashes_and_commands_are_there(page: Parsed) -> None:
    for text in ("start: initial", "2.9.1", "9" * 32, "0123abc", "make reports", "35 trainings"):
        assert text in page.text
    for text in ("CC0-1.0", "otsu", "0.97", "https://example.org/data?a=1&b=2"):
        assert text in page.text


def test_headers_sort_and_name_their_scope(page: Parsed) -> None:
    heads = page.of("th")
    assert {a["scope"] for a in heads} == {"col", "row"}
    assert len([b for b in page.of("button") if b == {"type": "button"}]) == sum(
        a["scope"] == "col" for a in heads
    )


def test_names_stay_text(hostile: Rendered) -> None:
    assert len(read(hostile.page).of("script")) == 2
    page = read(hostile.details)
    assert len(page.of("script")) == SCRIPTS
    assert all(a["src"].startswith("data:image/") for a in page.of("img"))
    assert not any(name.startswith("on") for _, a in page.tags for name in a)
    assert page.text.count(SCRIPT) >= 3
    assert page.text.count(IMAGE) >= 4
    gallery = (
        hostile.details.read_text("utf-8").split('id="gallery-data">')[1].split("</script>")[0]
    )
    assert json.loads(gallery)["images"][0]["id"].startswith(IMAGE)


def test_names_stay_text_on_the_page_over_all(hostile: Rendered, rendered: Rendered) -> None:
    out = rendered.page.parents[1] / "index.html"
    render_index([hostile.summary, rendered.summary], out)
    page = read(out)
    assert len(page.of("script")) == 2
    assert SCRIPT in page.text
    assert [a["href"] for a in page.of("a")] == ["made-up/index.html"] * 2
    assert len(page.of("svg")) == 2
    ids = page.values("id")
    assert len(set(ids)) == len(ids)
    assert "40 images, 5 arms, 2 seeds" in page.text


TWO = {"full": {"labels": 1.0}, "random": {"labels": 0.3}}
ONE_ARM = {"random": {"labels": 0.3}}
TWELVE = {**ARMS, **{f"arm_{k}": {"start": "initial", "query": 0.1, "rounds": 2} for k in range(7)}}


@pytest.mark.parametrize(
    ("plan", "text"),
    [
        (Plan(arms=ONE_ARM, seeds=1, samples=0), "No sample image was kept"),
        (Plan(arms={"full": {"labels": 1.0}}, seeds=2), "nothing can be said about saving"),
        (Plan(positives=0, seeds=2, size=(96, 32)), "no defect"),
        (Plan(nan_share=1.0, seeds=2, contrasts=False), "has a score in Dice"),
        (Plan(nan_share=0.4, seeds=4), "Every comparison that was planned"),
        (Plan(arms=TWELVE, seeds=2), "arm_6"),
        (Plan(arms=TWO, seeds=1, images=4000, size=(16, 16), samples=1000), "All 1000 test images"),
    ],
    ids=[
        "one-arm-one-seed",
        "full-only",
        "no-positives-tall",
        "all-nan",
        "some-nan",
        "twelve",
        "a-thousand-test-images",
    ],
)
def test_degenerate_studies_render(tmp_path: Path, plan: Plan, text: str) -> None:
    pages = render_plan(tmp_path, plan, lean=True)
    found = " ".join(read(path).text for path in (pages.page, pages.details))
    assert text in found
    # A reason may quote a score that is not a number; a cell or a sentence of ours may not.
    assert "nan" not in re.findall(r"[a-z]+", found.replace("scored nan", ""))


@pytest.mark.parametrize("kept", ["curve", ""], ids=["curves-only", "no-figure"])
def test_figures_that_were_not_drawn_are_not_missed(
    rendered: Rendered, tmp_path: Path, kept: str
) -> None:
    figures = shutil.copytree(rendered.figures, tmp_path / "figures")
    records = [record for record in load_records(figures) if kept and record.group == kept]
    save_records(records, figures)
    (figures / "defect-areas.csv").unlink()
    render(replace(rendered.study, samples={}), figures, tmp_path / "index.html")
    page = read(tmp_path / "details.html")
    assert "There is no training history." in page.text
    assert "No sample image was kept." in page.text
    assert ("There is no score to draw yet." in page.text) == (not kept)
    first = read(tmp_path / "index.html")
    assert "No sample image was kept." in first.text
    assert "There is no score to draw yet." in first.text


def test_the_pages_are_the_same_again(rendered: Rendered, tmp_path: Path) -> None:
    again = tmp_path / "made-up" / "index.html"
    shutil.copytree(rendered.figures, again.parent / "figures")
    render(rendered.study, again.parent / "figures", again)
    assert again.read_bytes() == rendered.page.read_bytes()
    assert again.with_name("details.html").read_bytes() == rendered.details.read_bytes()


def test_large_figure_data_is_linked_not_embedded(
    rendered: Rendered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("frugalseg.reporting.page.page.CSV_LIMIT", 0)
    render(rendered.study, rendered.figures, tmp_path / "index.html")
    links = read(tmp_path / "details.html").values("href")
    assert any(link.endswith("figures/curve-images.csv") for link in links)


def test_parameters_of_any_type_are_shown(rendered: Rendered, tmp_path: Path) -> None:
    params = {**rendered.study.params, "path": Path("a/b"), "pair": (1, None)}
    out = tmp_path / "typed" / "index.html"
    render(replace(rendered.study, params=params), rendered.figures, out)
    assert "path: a/b pair: - 1 - null" in read(out.with_name("details.html")).text


def test_every_section_of_the_evidence_says_something(study: Study) -> None:
    sections = [section for make in EVIDENCE if (section := make(study))]
    assert [s.key for s in sections] == [
        *("standing", "new-images", "posterior", "budgets", "ranking", "plans"),
    ]
    assert all(section.sentences for section in sections)
    empty = replace(study, contrasts=study.contrasts.head(0), further={})
    assert not any(make(empty) for make in EVIDENCE)


def test_summary_of_the_page(rendered: Rendered) -> None:
    assert rendered.summary.href == "made-up/index.html"
    assert rendered.summary.answer.startswith("With 30% of the training labels")


def test_torch_is_not_imported() -> None:
    code = "import sys; import frugalseg.reporting.page.page, frugalseg.reporting.figures.figures; "
    code += "sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_card_starts_with_what_and_whose(page: Parsed) -> None:
    text = page.text[page.text.index("Data card ") :]
    assert text.index("name builtin") < text.index("license CC0-1.0") < text.index("archive sha256")


def test_the_card_warns_first(page: Parsed, hostile: Rendered) -> None:
    text = page.text[page.text.index("Data card ") :]
    assert text.index("Only 6 test images with a defect") < text.index("name builtin")
    assert f"{SCRIPT}: 12 defects of" in " ".join(read(hostile.details).values("aria-label"))

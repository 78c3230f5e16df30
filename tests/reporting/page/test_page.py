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


@pytest.fixture(scope="module")
def page(rendered: Rendered) -> Parsed:
    return parse(rendered.html)


def test_sections_in_order_answer_first(page: Parsed) -> None:
    ids = [attributes["id"] for attributes in page.of("section")]
    before = "answer cost forecast comparisons evidence bought"
    assert ids == f"{before} training samples data scores reproduce".split()
    linked = [a["href"] for a in page.of("a") if a["href"].startswith("#")]
    assert [f"#{name}" for name in ids] == list(dict.fromkeys(linked))[: len(ids)]


def test_every_inner_link_leads_somewhere(page: Parsed) -> None:
    links = [*page.values("href"), *page.values("xlink:href")]
    ids = page.values("id")
    assert len(set(ids)) == len(ids)
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


def test_nothing_is_loaded_from_anywhere(page: Parsed, rendered: Rendered) -> None:
    assert all(source.startswith("data:") for source in page.values("src"))
    assert [a["href"] for a in page.of("link")] == ["data:,"]
    styles = rendered.html.split("<style>")[1].split("</style>")[0]
    assert set(re.findall(r"url\(\"?([a-z]+:)", styles)) == {"data:"}
    assert "@import" not in styles
    ours = rendered.html.replace(library(), "")
    assert len(ours) < len(rendered.html) - 1_000_000
    assert not re.search(r"\b(fetch|XMLHttpRequest|import)\b *\(", ours)


def test_files_beside_the_page_are_there(page: Parsed, rendered: Rendered) -> None:
    files = [a["href"] for a in page.of("a") if a["href"].startswith("figures/")]
    assert len(files) >= 20
    assert all((rendered.page.parent / name).is_file() for name in files)


def test_every_figure_has_an_alternative_and_a_caption(page: Parsed, rendered: Rendered) -> None:
    drawn = page.of("svg")
    assert all(a["role"] == "img" and len(a["aria-label"]) > 20 for a in drawn)
    figures = page.of("figure")
    still = [figure for figure in figures if "class" not in figure]
    assert len(drawn) == 2 * len(still)
    assert len(page.of("figcaption")) == len(figures)
    for record in rendered.records:
        if record.name != "overview":
            assert " ".join(record.caption.split()) in page.text
    assert all(a["aria-label"] for t, a in page.tags if a.get("class", "").startswith("photo "))


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
    page = parse(hostile.html)
    assert len(page.of("script")) == SCRIPTS
    assert all(a["src"].startswith("data:image/") for a in page.of("img"))
    assert not any(name.startswith("on") for _, a in page.tags for name in a)
    assert page.text.count(SCRIPT) >= 3
    assert page.text.count(IMAGE) >= 4
    gallery = hostile.html.split('id="gallery-data">')[1].split("</script>")[0]
    assert json.loads(gallery)["images"][0]["id"].startswith(IMAGE)


def test_names_stay_text_on_the_page_over_all(hostile: Rendered, rendered: Rendered) -> None:
    out = rendered.page.parents[1] / "index.html"
    render_index([hostile.summary, rendered.summary], out)
    page = parse(out.read_text("utf-8"))
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
        (Plan(nan_share=0.4, seeds=4), "What was compared"),
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
    page = parse(render_plan(tmp_path, plan, lean=True).html)
    assert text in page.text
    # A reason may quote a score that is not a number; a cell or a sentence of ours may not.
    assert "nan" not in re.findall(r"[a-z]+", page.text.replace("scored nan", ""))


@pytest.mark.parametrize("kept", ["curve", ""], ids=["curves-only", "no-figure"])
def test_figures_that_were_not_drawn_are_not_missed(
    rendered: Rendered, tmp_path: Path, kept: str
) -> None:
    figures = shutil.copytree(rendered.figures, tmp_path / "figures")
    records = [record for record in load_records(figures) if kept and record.group == kept]
    save_records(records, figures)
    (figures / "defect-areas.csv").unlink()
    render(replace(rendered.study, samples={}), figures, tmp_path / "index.html")
    page = parse((tmp_path / "index.html").read_text("utf-8"))
    assert "There is no training history." in page.text
    assert "No sample image was kept." in page.text
    assert ("There is no score to draw yet." in page.text) == (not kept)


def test_the_page_is_the_same_again(rendered: Rendered, tmp_path: Path) -> None:
    again = tmp_path / "made-up" / "index.html"
    shutil.copytree(rendered.figures, again.parent / "figures")
    render(rendered.study, again.parent / "figures", again)
    assert again.read_text("utf-8") == rendered.html


def test_large_figure_data_is_linked_not_embedded(
    rendered: Rendered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("frugalseg.reporting.page.page.CSV_LIMIT", 0)
    render(rendered.study, rendered.figures, tmp_path / "index.html")
    links = parse((tmp_path / "index.html").read_text("utf-8")).values("href")
    assert any(link.endswith("figures/curve-images.csv") for link in links)


def test_parameters_of_any_type_are_shown(rendered: Rendered, tmp_path: Path) -> None:
    params = {**rendered.study.params, "path": Path("a/b"), "pair": (1, None)}
    out = tmp_path / "typed" / "index.html"
    render(replace(rendered.study, params=params), rendered.figures, out)
    assert "path: a/b pair: - 1 - null" in parse(out.read_text("utf-8")).text


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
    assert f"{SCRIPT}: 12 defects of" in " ".join(parse(hostile.html).values("aria-label"))

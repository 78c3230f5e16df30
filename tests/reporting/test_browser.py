"""The page as its readers see it; everything here runs in one headless Chromium."""

import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import entropy

from frugalseg.inference.predictions import LEVELS, unpack
from frugalseg.reporting.overlay import error_map
from frugalseg.reporting.page.page import render, render_index
from frugalseg.reporting.palette import FALSE, HIT, MISSED
from tests.reporting.browser import DRAWN, Opened, faults_of_access, opened
from tests.reporting.conftest import Rendered


@pytest.fixture(scope="module")
def shared(browser: Any, rendered: Rendered) -> Iterator[Opened]:
    """The details, for the tests that leave them as they found them."""
    with opened(browser, rendered.details) as page:
        yield page


def test_the_page_asks_for_nothing_and_complains_of_nothing(shared: Opened) -> None:
    assert shared.page.title() == "builtin: details"
    assert shared.requests == []
    assert shared.faults == []


def test_the_page_over_all_opens_as_quietly(browser: Any, rendered: Rendered) -> None:
    out = rendered.page.parents[1] / "all.html"
    render_index([rendered.summary], out)
    with opened(browser, out, width=360) as seen:
        assert seen.text("h2 a") == "builtin"
        assert (seen.requests, seen.faults) == ([], [])
        assert faults_of_access(seen) == []


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (820, "dark"), (360, "dark")])
@pytest.mark.parametrize("name", ["index.html", "details.html"])
def test_axe_finds_no_fault(
    browser: Any, rendered: Rendered, width: int, scheme: str, name: str
) -> None:
    with opened(browser, rendered.page.with_name(name), width, scheme) as seen:
        assert faults_of_access(seen) == []
        wide = seen.evaluate("document.documentElement.scrollWidth")
        assert wide <= width


def marks(seen: Opened) -> int:
    return int(seen.evaluate("document.querySelectorAll('#chart .point').length"))


def test_the_chart_draws_what_the_controls_say(shared: Opened, rendered: Rendered) -> None:
    page, study = shared.page, rendered.study
    label = "document.querySelector('#chart .xtitle').textContent"
    assert shared.evaluate(label) == "labeled images"
    for tab, title in (("Money (€)", "annotation cost"), ("Pixels", "labeled kilopixels")):
        page.get_by_label(tab, exact=True).first.check()
        assert title in shared.evaluate(label)
    page.get_by_label("Images", exact=True).first.check()
    # Six points of arms without all labels, and each point's five seeds.
    assert marks(shared) == 6 + 6 * len(study.seeds)
    page.get_by_label("Every seed").uncheck()
    assert marks(shared) == 6
    page.locator("[data-arm=random]").uncheck()
    assert marks(shared) == 4
    page.get_by_role("button", name="All arms").click()
    assert marks(shared) == 0
    page.get_by_role("button", name="All arms").click()
    page.get_by_label("Every seed").check()
    assert marks(shared) == 36


def test_a_table_sorts_from_the_keyboard(shared: Opened) -> None:
    column = "[...document.querySelectorAll('#table-contrasts tbody tr')].map(r => r.cells[2])"
    values = f"{column}.map(c => Number(c.dataset.sort))"
    button = shared.page.locator("#table-contrasts thead button").nth(2)
    button.focus()
    shared.page.keyboard.press("Enter")
    assert shared.evaluate(values) == sorted(shared.evaluate(values))
    shared.page.keyboard.press("Space")
    assert shared.evaluate(values) == sorted(shared.evaluate(values), reverse=True)
    heads = "document.querySelectorAll('#table-contrasts [aria-sort=descending]').length"
    assert shared.evaluate(heads) == 1


def test_downloads_hold_the_numbers_of_the_files(
    shared: Opened, rendered: Rendered, tmp_path: Path
) -> None:
    with shared.page.expect_download() as waiting:
        shared.page.locator("a[download='contrasts.csv']").last.click()
    waiting.value.save_as(tmp_path / "contrasts.csv")
    found = pd.read_csv(tmp_path / "contrasts.csv", dtype={"at": str})
    columns = ["a", "b", "difference", "p_adjusted"]
    pd.testing.assert_frame_equal(found[columns], rendered.study.contrasts[columns])
    with shared.page.expect_download() as waiting:
        shared.page.locator("a[download='contrasts.tex']").click()
    waiting.value.save_as(tmp_path / "contrasts.tex")
    assert (tmp_path / "contrasts.tex").read_text().startswith(r"\begin{tabular}")


def test_a_table_can_be_copied(shared: Opened) -> None:
    shared.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shared.page.locator("button[data-copy=table-contrasts]").click()
    text = shared.evaluate("navigator.clipboard.readText()")
    copied = pd.read_csv(StringIO(text), sep="\t")
    rows = shared.evaluate("document.querySelectorAll('#table-contrasts tbody tr').length")
    assert len(copied) == rows


def test_the_theme_changes_and_the_chart_with_it(shared: Opened) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    chart = "document.querySelector('#chart .main-svg').style.background"
    light = shared.evaluate(paper), shared.evaluate(chart)
    shared.page.locator("#theme").click()
    dark = shared.evaluate(paper), shared.evaluate(chart)
    shared.page.locator("#theme").click()
    assert light[0] != dark[0]
    assert light[1] != dark[1]
    assert (shared.evaluate(paper), shared.evaluate(chart)) == light


def test_the_keyboard_reaches_every_control(shared: Opened) -> None:
    shared.page.reload()
    shared.page.wait_for_function(DRAWN)
    shared.page.keyboard.press("Tab")
    assert shared.evaluate("document.activeElement.className") == "skip"
    hidden = shared.evaluate(
        "[...document.querySelectorAll('a[href], button, input, select, summary')]"
        ".filter(e => e.tabIndex < 0).length"
    )
    assert hidden == 0
    shared.page.get_by_label("Images", exact=True).first.focus()
    shared.page.keyboard.press("ArrowRight")
    title = shared.evaluate("document.querySelector('#chart .xtitle').textContent")
    assert title == "labeled kilopixels"


def test_the_gallery_in_every_order_and_view(shared: Opened) -> None:
    page = shared.page
    ids = "[...document.querySelectorAll('#gallery-rows h3')].map(e => e.textContent)"
    worst = shared.evaluate(ids)
    assert len(worst) == 4
    page.get_by_label("Best", exact=True).check()
    assert shared.evaluate(ids) != worst
    page.get_by_label("Worst", exact=True).check()
    assert shared.evaluate(ids) == worst
    page.get_by_label("Without", exact=True).check()
    assert (shared.evaluate(ids), shared.text("#gallery-status")) == ([], "None")
    page.get_by_label("With a defect", exact=True).check()
    assert shared.evaluate(ids) == worst
    page.locator("[name=gallery-only][value=all]").check()
    errors = drawn(page, "errors")
    page.get_by_label("Uncertainty", exact=True).check()
    assert drawn(page, "uncertainty") != errors
    page.get_by_label("Errors", exact=True).check()
    assert drawn(page, "errors") == errors


def drawn(page: Any, view: str) -> Any:
    """Return the RGBA values of the second arm's layer on the first image, once they are there."""
    layer = "document.querySelector('#gallery-rows .row > :nth-child(4) .layer')"
    page.wait_for_function(f"{layer}?.dataset.drawn === '{view}'")
    return page.evaluate(
        f"(c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data])({layer})"
    )


def test_every_pixel_of_every_view(shared: Opened, rendered: Rendered) -> None:
    page, study = shared.page, rendered.study
    image_id = shared.text("#gallery-rows h3")
    target = np.asarray(study.masks[study.index["image_id"].tolist().index(image_id)])
    arm = list(study.arms)[1]
    prediction = study.samples[arm].predictions[study.samples[arm].rounds[-1], image_id]
    errors = error_map(prediction.mask(), target)
    shown = np.array(drawn(page, "errors")).reshape(*target.shape, 4)
    colors = np.array([(0, 0, 0), HIT, MISSED, FALSE])
    # A canvas keeps colors multiplied by their opacity, and so not to the last bit.
    np.testing.assert_allclose(shown[..., :3], colors[errors], atol=2)
    assert ((shown[..., 3] > 0) == (errors > 0)).all()
    for view, most in (("probability", 0.8), ("uncertainty", 0.85)):
        page.get_by_label(view.capitalize(), exact=True).check()
        opacity = np.array(drawn(page, view)).reshape(*target.shape, 4)[..., 3]
        p = unpack(prediction.prob) / (LEVELS - 1)
        expected = p if view == "probability" else entropy([p, 1 - p], base=2)
        np.testing.assert_allclose(opacity, 255 * most * expected, atol=1)
    page.get_by_label("Errors", exact=True).check()


def test_the_gallery_shows_rounds_truth_and_pages(shared: Opened) -> None:
    page = shared.page
    pictures = page.locator("#gallery-rows .row").first.locator(".photo")
    assert pictures.count() == 2 + 5
    page.get_by_label("Every round").check()
    assert pictures.count() == 2 + 7
    page.get_by_label("Every round").uncheck()
    layers = "document.querySelectorAll('#gallery-rows .row')[0].querySelectorAll('.layer').length"
    page.wait_for_function(f"{layers} === 1 + 5")
    page.get_by_label("Outline of the truth").check()
    page.wait_for_function(f"{layers} === 1 + 2 * 5")
    page.get_by_label("Outline of the truth").uncheck()
    assert shared.text("#gallery-status") == "1–4 of 4"
    assert page.locator("#gallery-on").is_disabled()


def test_the_gallery_says_the_numbers_of_the_file(shared: Opened, rendered: Rendered) -> None:
    scores = pd.read_csv(rendered.figures / "samples.csv")
    shown = shared.evaluate(
        "[...document.querySelectorAll('#gallery-rows .strip')].flatMap(s =>"
        " [...s.querySelectorAll('.row .label')].slice(2).map(l => [s.querySelector('h3')"
        ".textContent, l.textContent.slice(1), l.querySelector('.muted').textContent]))"
    )
    found = {(i, label.removesuffix(text).strip()): text for i, label, text in shown}
    for row in scores.dropna().itertuples():
        assert found[(row.image_id, row.arm)] == f"Dice {row.dice:.2f}"


def test_the_slider_moves_the_border_between_two_arms(shared: Opened) -> None:
    shared.page.get_by_role("button", name="Compare two arms on").first.click()
    assert shared.evaluate("document.activeElement.id") == "compare-slide"
    clip = "document.querySelector('#compare-stage .layer')?.style.clipPath"
    shared.page.wait_for_function(f"{clip} === 'inset(0px 50% 0px 0px)'")
    shared.page.keyboard.press("Home")
    assert shared.evaluate(clip) == "inset(0px 100% 0px 0px)"
    shared.page.locator("#compare-a").select_option(label="entropy, round 1")
    assert shared.text("#compare-left").startswith("◀ entropy")


def test_pictures_beside_the_page_are_found(
    browser: Any, rendered: Rendered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("frugalseg.reporting.page.page.PAGE_LIMIT", 0)
    render(rendered.study, rendered.figures, tmp_path / "index.html")
    with opened(browser, tmp_path / "details.html") as seen:
        assert drawn(seen.page, "errors")
        folder = (tmp_path / "pictures").as_uri()
        assert len(seen.requests) == 4  # one of each image that is shown
        assert all(request.startswith(f"{folder}/") for request in seen.requests)
        assert seen.faults == []


def test_a_page_without_its_pictures_says_so(
    browser: Any, rendered: Rendered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("frugalseg.reporting.page.page.PAGE_LIMIT", 0)
    render(rendered.study, rendered.figures, tmp_path / "index.html")
    shutil.rmtree(tmp_path / "pictures")
    with opened(browser, tmp_path / "details.html") as seen:
        seen.page.locator("#gallery-rows .photo", has_text="beside the page").first.wait_for()


def test_names_cannot_run_anything(browser: Any, hostile: Rendered) -> None:
    for path in (hostile.page, hostile.details):
        with opened(browser, path) as seen:
            seen.page.wait_for_timeout(200)
            assert (seen.dialogs, seen.requests, seen.faults) == ([], [], [])
            assert seen.text("h1").startswith(hostile.study.name)
            assert seen.evaluate("document.querySelectorAll('[onerror]').length") == 0

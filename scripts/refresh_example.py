"""Refresh the README's figure and screenshot, and the example report in docs/example.

    python scripts/refresh_example.py STUDY_FOLDER

STUDY_FOLDER is a checkout in which the built-in study has been run. Chromium and Playwright are
needed (scripts/browser, extra `dev`).
"""

import argparse
import re
import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image

from frugalseg.core import paths
from frugalseg.core.errors import FrugalsegError

ROOT = Path(__file__).resolve().parents[1]
DATASET = "builtin"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FIGURE = "docs/images/dice-over-labels.svg"
SCREENSHOT = "docs/images/report.png"
EXAMPLE = "docs/example"
LINK = re.compile(r'<a (?:[^>]* )?href="(?!#|data:|https?:|index\.html)[^"]*"[^>]*>(.*?)</a>')
"""A link to a file that the example does not have."""


def refresh(study: Path, root: Path) -> None:
    """Write figure, screenshot and example below `root`, from the study in the folder `study`.

    Raises:
        FrugalsegError: naming a file of the study that is missing.
    """
    page = study / paths.PAGE.format(dataset=DATASET)
    figure = (study / paths.FIGURES.format(dataset=DATASET)).with_name("headline.svg")
    for path in (page, figure):
        if not path.is_file():
            raise FrugalsegError(f"{path} does not exist. Run `make reports` in {study} first.")
    example = root / EXAMPLE / page.name
    example.parent.mkdir(parents=True, exist_ok=True)
    example.write_text(without_links_out(page.read_text("utf-8")), "utf-8")
    shutil.copyfile(figure, root / FIGURE)
    (root / SCREENSHOT).write_bytes(screenshot(example))


def without_links_out(html: str) -> str:
    """Return a page without its links to files beside it, the details (7 MB) among them."""
    return LINK.sub(r"\1", html)


def screenshot(page: Path) -> bytes:
    """Return the first screen of a page as a PNG."""
    from playwright.sync_api import sync_playwright  # only here: the tests read this script too

    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        tab = browser.new_page(
            viewport={"width": 1440, "height": 900}, color_scheme="light", offline=True
        )
        tab.goto(page.resolve().as_uri())
        image = Image.open(BytesIO(tab.screenshot()))
        browser.close()
    buffer = BytesIO()
    image.convert("RGB").save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("study", type=Path, metavar="STUDY_FOLDER")
    try:
        refresh(parser.parse_args().study, ROOT)
    except FrugalsegError as error:
        sys.exit(f"refresh_example: {error}")

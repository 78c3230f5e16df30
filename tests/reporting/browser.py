"""The report in a real browser: opened from disk, with all it asked for and complained of."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
DRAWN = "!document.getElementById('chart') || document.querySelector('#chart .main-svg')"
"""Whether the page is done: its chart comes after the rest."""


@dataclass
class Opened:
    """A page with what it did since it was opened.

    Attributes:
        requests: every address it asked for besides its own file and data of its own.
        faults: errors and warnings on the console, and exceptions.
        dialogs: texts of alerts.
    """

    page: Any
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def text(self, selector: str) -> str:
        return str(self.page.locator(selector).first.inner_text())

    def evaluate(self, script: str) -> Any:
        return self.page.evaluate(script)


@contextmanager
def launch() -> Iterator[Any]:
    """Start Chromium; skip where it or its driver is missing."""
    api = pytest.importorskip(
        "playwright.sync_api", reason="no playwright: pip install -e '.[dev]' brings it"
    )
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium on PATH: scripts/browser installs it on Debian")
    with api.sync_playwright() as playwright:
        # No sandbox of its own: containers run tests as root, and the pages are ours.
        options = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path=found, args=options, timeout=180_000)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(browser: Any, path: Path, width: int = 1280, scheme: str = "light") -> Iterator[Opened]:
    """Open a page from disk in a browser without a network."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    context.set_default_timeout(120_000)
    page = context.new_page()
    seen = Opened(page)
    own = path.resolve().as_uri()

    def note(request: Any) -> None:
        if request.url != own and not request.url.startswith(("data:", "blob:")):
            seen.requests.append(request.url)

    def dismiss(dialog: Any) -> None:
        seen.dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("request", note)
    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: seen.faults.append(str(error)))
    page.on(
        "console",
        lambda said: seen.faults.append(said.text) if said.type in ("error", "warning") else None,
    )
    page.goto(own, wait_until="load", timeout=180_000)
    page.wait_for_function(DRAWN)
    try:
        yield seen
    finally:
        context.close()


def faults_of_access(seen: Opened) -> list[str]:
    """Return the faults that axe-core finds."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    found = axe.Axe().run(seen.page).response["violations"]
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found for node in fault["nodes"]]

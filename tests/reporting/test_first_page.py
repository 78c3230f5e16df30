"""The first page as its readers see it, in a headless Chromium."""

from typing import Any

from tests.reporting.browser import opened
from tests.reporting.conftest import Rendered

BOTTOM = (
    "Math.max(...[...document.querySelectorAll('{}')].map(e => e.getBoundingClientRect().bottom))"
)


def test_the_first_screen_answers(browser: Any, rendered: Rendered) -> None:
    with opened(browser, rendered.page, width=1440) as seen:
        assert seen.page.title() == "builtin: how few labels does it need?"
        assert (seen.requests, seen.faults) == ([], [])
        for place in (".headline", "figure .wide", ".decided li", ".others button"):
            assert seen.evaluate(BOTTOM.format(place)) <= 900
        assert seen.evaluate("document.documentElement.scrollHeight") <= 4 * 900


def test_a_gray_arm_is_shown_from_the_keyboard(browser: Any, rendered: Rendered) -> None:
    with opened(browser, rendered.page) as seen:
        number = list(rendered.study.arms).index("entropy")
        mark = f"document.querySelector('.wide [id$=\"-mark-{number}\"] use')"
        before = seen.evaluate(f"getComputedStyle({mark}).fill")
        button = seen.page.get_by_role("button", name="entropy")
        button.focus()
        seen.page.keyboard.press("Enter")
        assert button.get_attribute("aria-pressed") == "true"
        assert seen.evaluate(f"getComputedStyle({mark}).fill") != before
        assert seen.text("#other-note").startswith("entropy (labels by image): Dice ")
        seen.page.keyboard.press("Space")
        assert seen.evaluate(f"getComputedStyle({mark}).fill") == before

"""Templates and inline drawings of the pages: escaped, themed, and strict about names."""

import re
from html import escape as escape_quotes
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from frugalseg.reporting import wording
from frugalseg.reporting.page.gallery import ORDER_NOTES
from frugalseg.reporting.palette import GALLERY_COLORS, css_variables

_ID = re.compile(r'(\bid="|xlink:href="#|url\(#)')
_COLOR = re.compile(r"#[0-9a-f]{6}\b")
_DECIMALS = re.compile(r"(\.\d\d)\d+")


def environment() -> Environment:
    """Return the environment that every page is rendered in."""
    env = Environment(
        loader=PackageLoader("frugalseg.reporting", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(
        colors=css_variables(),
        verdict_glyph=wording.verdict_glyph,
        readable=wording.readable,
        plural=wording.plural,
        order_notes=ORDER_NOTES,
        error_colors={name: f"rgb{color}" for name, color in GALLERY_COLORS.items()},
    )
    env.filters["breakable"] = _breakable
    return env


def _breakable(name: str) -> Markup:
    """Return a name that may break after an underscore."""
    return Markup("_<wbr>").join(escape(part) for part in name.split("_"))


def inline_svg(path: Path, alt: str, prefix: str) -> Markup:
    """Return the drawing at `path`, made by this package, as inline markup.

    Its colors become CSS variables, so that it follows the page's theme; its ids get `prefix` in
    front, since matplotlib gives every figure the same ones.

    Args:
        prefix: unique on the page; letters, digits and hyphens.
        alt: the text alternative, plain text.
    """
    text = path.read_text("utf-8")
    text = text[text.index("<svg") :]
    head, body = text.split(">", 1)
    box = re.search(r'viewBox="[^"]*"', head)
    body = re.sub(r"<metadata>.*?</metadata>", "", body, count=1, flags=re.DOTALL)
    body = _ID.sub(rf"\g<1>{prefix}-", body)
    opening = (
        f'<svg xmlns:xlink="http://www.w3.org/1999/xlink" {box.group() if box else ""} '
        f'role="img" aria-label="{escape_quotes(alt)}">'
    )
    return Markup(opening + _themed(body))  # noqa: S704 - matplotlib has escaped its text


def _themed(body: str) -> str:
    names = {light: name for name, (light, _) in css_variables().items()}

    def swap(match: re.Match[str]) -> str:
        name = names.get(match.group())
        return f"var(--{name})" if name else match.group()

    # Only inside tags: a color's code may as well be the name of an arm. Coordinates are points, of
    # which a hundredth cannot be seen.
    return re.sub(r"<[^>]*>", lambda tag: _COLOR.sub(swap, _DECIMALS.sub(r"\1", tag.group())), body)

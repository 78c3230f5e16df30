"""The environment of the page's templates: escaping on, and a typo in a name is an error."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from frugalseg.reporting import wording
from frugalseg.reporting.page.browse import ORDER_NOTES
from frugalseg.reporting.palette import FALSE, HIT, MISSED, UNSURE, css_variables


def environment() -> Environment:
    """Return the environment that every page is rendered in."""
    made = Environment(
        loader=PackageLoader("frugalseg.reporting", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        colors=css_variables(),
        verdict_glyph=wording.verdict_glyph,
        readable=wording.readable,
        plural=wording.plural,
        order_notes=ORDER_NOTES,
        error_colors={
            name: f"rgb{color}"
            for name, color in zip(
                ("hit", "missed", "false", "unsure"), (HIT, MISSED, FALSE, UNSURE), strict=True
            )
        },
    )
    made.filters["breakable"] = _breakable
    made.tests["mapping"] = lambda value: isinstance(value, dict)
    return made


def _breakable(name: str) -> Markup:
    """Return a name that may break after an underscore."""
    return Markup("_<wbr>").join(escape(part) for part in name.split("_"))

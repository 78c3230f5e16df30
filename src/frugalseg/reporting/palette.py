"""One color, marker and dash for every arm, the same in every figure and on the page.

Only six hues stay distinct for color-blind readers, so markers and dashes differ as well: arms can
be told apart without color. Figures are drawn in the light palette; the page replaces each color by
a CSS variable, which has a second value for the dark theme.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LIGHT = ("#005d9a", "#ee4208", "#0e8a5d", "#ae1e6e", "#3ca0b9", "#83800f")
DARK = ("#7096ff", "#f07f3a", "#28c086", "#c888b0", "#c2c2ff", "#e3ec5a")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p", "<", ">", "h", "d")
GLYPHS = ("●", "■", "▲", "◆", "▼", "✚", "✖", "⬟", "◀", "▶", "⬢", "♦")
"""The markers as characters, for legends in text."""
DASHES: tuple[str | tuple[int, tuple[float, ...]], ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.5)))

BASELINE = ("#30363d", "#dfe3e8")
THEME = {
    "ink": ("#1b2027", "#e8ebef"),
    "muted": ("#57606b", "#a5aeb9"),
    "line": ("#d3d8de", "#353c45"),
    "paper": ("#ffffff", "#161a1f"),
}
"""Colors that are not an arm's, as (light, dark)."""

HIT, MISSED, FALSE = (86, 180, 233), (255, 221, 51), (216, 27, 122)
"""RGB of right, missed and false pixels: they differ in lightness, not in hue alone."""
UNSURE = (0, 190, 120)
"""RGB of pixels whose class is in doubt."""
GALLERY_COLORS = {"hit": HIT, "missed": MISSED, "false": FALSE, "unsure": UNSURE}
"""The colors of the gallery, by the names that the page gives them."""
CLEAR = (0, 0, 0, 0)
"""RGBA of what lets the photo through."""


@dataclass(frozen=True)
class ArmStyle:
    """How one arm looks.

    Attributes:
        color: the light theme's color, `#rrggbb`, as drawn into the figures.
        variable: name of the CSS variable that stands for it on the page.
        glyph: the marker as a character.
        scale: how much larger the marker is drawn, to look as large as the others.
    """

    color: str
    variable: str
    marker: str
    glyph: str
    dash: str | tuple[int, tuple[float, ...]]
    scale: float = 1.0


def style_arms(arms: Sequence[str], full: Sequence[str]) -> dict[str, ArmStyle]:
    """Give every arm its style by its place in the parameters.

    The first fully labeled arm is the baseline and gets the neutral color; the others cycle
    through the hues. An arm added at the end leaves the others as they are.
    """
    baseline = full[0] if full else None
    styles: dict[str, ArmStyle] = {}
    others = [arm for arm in arms if arm != baseline]
    for k, arm in enumerate(others):
        hue = k % len(LIGHT)
        marker = k % len(MARKERS)
        dash = DASHES[(k // len(LIGHT)) % len(DASHES)]
        styles[arm] = ArmStyle(LIGHT[hue], f"arm-{hue}", MARKERS[marker], GLYPHS[marker], dash)
    if baseline is not None:
        styles[baseline] = ArmStyle(BASELINE[0], "baseline", "*", "★", "-", 1.6)
    return {arm: styles[arm] for arm in arms}


def css_variables() -> dict[str, tuple[str, str]]:
    """Return every CSS variable of the page with its light and its dark color."""
    hues = {f"arm-{k}": pair for k, pair in enumerate(zip(LIGHT, DARK, strict=True))}
    return {**THEME, "baseline": BASELINE, **hues}

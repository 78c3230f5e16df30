"""One color for every family of arms, one marker and dash for every arm, the same everywhere.

Only six hues stay distinct for color-blind readers, so color says how an arm learns, and marker and
dash tell the arms of a family apart. Figures are drawn in the light palette; the page replaces each
color by a CSS variable, which has a second value for the dark theme.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from frugalseg.settings.labels import TAGS, drawn

LIGHT = ("#005d9a", "#ee4208", "#0e8a5d", "#ae1e6e", "#3ca0b9", "#83800f")
DARK = ("#7096ff", "#f07f3a", "#28c086", "#c888b0", "#c2c2ff", "#e3ec5a")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p", "<", ">", "h", "d")
GLYPHS = ("●", "■", "▲", "◆", "▼", "✚", "✖", "⬟", "◀", "▶", "⬢", "♦")
"""The markers as characters, for legends in text."""
DASHES: tuple[str | tuple[int, tuple[float, ...]], ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.5)))

FAMILIES = (
    "supervised",
    "labels by image",
    "labels by region",
    "semi-supervised",
    "weak",
    "frozen",
)
"""The ways of learning, in the order of their colors."""

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


def families(arms: Mapping[str, Mapping[str, Any] | None]) -> dict[str, str]:
    """Return the family of every arm, one of `FAMILIES`.

    Args:
        arms: the arms of `params.yaml`; an arm without a strategy has that of its start.
    """
    return {name: _family(arms, name) for name in arms}


def _family(arms: Mapping[str, Mapping[str, Any] | None], name: str) -> str:
    arm = arms.get(name) or {}
    strategy, start, labels = arm.get("strategy"), arm.get("start"), arm.get("labels")
    partly = labels == TAGS or bool(drawn(labels)) or arm.get("pseudo") is not None
    if partly or strategy == "weak":
        return "weak"
    if strategy == "frozen":
        return "frozen"
    if arm.get("unlabeled") or strategy in ("mean_teacher", "fixmatch"):
        return "semi-supervised"
    if arm.get("acquire"):
        return "labels by region" if arm.get("unit") == "region" else "labels by image"
    if strategy is None and isinstance(start, str) and start in arms:
        inherited = _family(arms, start)
        return inherited if inherited in ("weak", "semi-supervised", "frozen") else "supervised"
    return "supervised"


def style_arms(
    arms: Sequence[str], full: Sequence[str], families: Mapping[str, str]
) -> dict[str, ArmStyle]:
    """Give every arm the color of its family, and a marker and a dash by its place.

    The first fully labeled arm is the baseline and gets the neutral color. An arm added at the end
    leaves the others as they are.

    Args:
        families: of the arms, as `families` returns them; "supervised" where there is none.
    """
    baseline = full[0] if full else None
    styles: dict[str, ArmStyle] = {}
    ranks = dict.fromkeys(FAMILIES, 0)
    others = [arm for arm in arms if arm != baseline]
    for k, arm in enumerate(others):
        name = families.get(arm, FAMILIES[0])
        hue, marker = FAMILIES.index(name), k % len(MARKERS)
        dash = DASHES[ranks[name] % len(DASHES)]
        ranks[name] += 1
        styles[arm] = ArmStyle(LIGHT[hue], f"arm-{hue}", MARKERS[marker], GLYPHS[marker], dash)
    if baseline is not None:
        styles[baseline] = ArmStyle(BASELINE[0], "baseline", "*", "★", "-", 1.6)
    return {arm: styles[arm] for arm in arms}


def css_variables() -> dict[str, tuple[str, str]]:
    """Return every CSS variable of the page with its light and its dark color."""
    hues = {f"arm-{k}": pair for k, pair in enumerate(zip(LIGHT, DARK, strict=True))}
    return {**THEME, "baseline": BASELINE, **hues}

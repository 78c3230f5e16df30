from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.color import deltaE_ciede2000, rgb2lab

from frugalseg.reporting.palette import (
    BASELINE,
    DARK,
    FALSE,
    FAMILIES,
    HIT,
    LIGHT,
    MISSED,
    THEME,
    css_variables,
    families,
    style_arms,
)

# Linear-light matrices of full deutan and protan deficiency (Machado, Oliveira, Fernandes 2009).
DEUTAN = [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]
PROTAN = [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]
VISIONS = {"all cones": np.eye(3), "deutan": np.array(DEUTAN), "protan": np.array(PROTAN)}

Floats = NDArray[np.float64]


def linear(color: str) -> Floats:
    rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def seen(color: str, vision: Floats) -> Floats:
    light = np.clip(vision @ linear(color), 0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio."""
    a, b = (float(linear(c) @ [0.2126, 0.7152, 0.0722]) + 0.05 for c in (one, other))
    return max(a, b) / min(a, b)


def test_contrast_agrees_with_the_standard() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)


@pytest.mark.parametrize("vision", VISIONS.values(), ids=VISIONS)
@pytest.mark.parametrize("k", [0, 1], ids=["light", "dark"])
def test_hues_stay_apart_for_every_eye(vision: Floats, k: int) -> None:
    colors = [*(LIGHT, DARK)[k], BASELINE[k]]
    for one, other in combinations(colors, 2):
        apart = deltaE_ciede2000(rgb2lab(seen(one, vision)), rgb2lab(seen(other, vision)))
        assert apart > 7, (one, other)


@pytest.mark.parametrize("vision", VISIONS.values(), ids=VISIONS)
def test_error_colors_stay_apart_for_every_eye(vision: Floats) -> None:
    colors = ["#" + bytes(color).hex() for color in (HIT, MISSED, FALSE)]
    for one, other in combinations(colors, 2):
        apart = deltaE_ciede2000(rgb2lab(seen(one, vision)), rgb2lab(seen(other, vision)))
        assert apart > 20, (one, other)


@pytest.mark.parametrize("k", [0, 1], ids=["light", "dark"])
def test_contrast_to_the_background(k: int) -> None:
    paper = THEME["paper"][k]
    assert all(contrast(color, paper) >= 3 for color in (*(LIGHT, DARK)[k], BASELINE[k]))
    assert contrast(THEME["ink"][k], paper) >= 7
    assert contrast(THEME["muted"][k], paper) >= 4.5


def test_a_family_has_one_color_and_every_arm_its_marker() -> None:
    arms = [f"arm{k}" for k in range(13)]
    of_arms = {f"arm{k}": FAMILIES[k % len(FAMILIES)] for k in range(13)}
    styles = style_arms(arms, ["arm3"], of_arms)
    assert list(styles) == arms
    assert styles.pop("arm3").variable == "baseline"
    assert len({style.marker for style in styles.values()}) == 12
    colors = {(of_arms[arm], style.color) for arm, style in styles.items()}
    assert len(colors) == len({color for _, color in colors}) == len(FAMILIES)


def test_an_arm_added_at_the_end_changes_no_other() -> None:
    before = style_arms(["full", "a", "b"], ["full"], {})
    after = style_arms(["full", "a", "b", "c"], ["full"], {})
    assert {arm: after[arm] for arm in before} == before


def test_families_follow_labels_and_strategies() -> None:
    arms: dict[str, dict[str, Any]] = {
        "initial": {"labels": 40, "strategy": None},
        "random": {"start": "initial", "acquire": "random", "unit": "image"},
        "bald": {"start": "initial", "acquire": "bald", "unit": "region"},
        "continued": {"start": "random"},
        "teacher": {"start": "bald", "strategy": "mean_teacher"},
        "other": {"start": "initial", "unlabeled": {"batch": 4}, "strategy": "mine"},
        "tags": {"labels": "tags", "strategy": "weak"},
        "refined": {"start": "tags", "strategy": "supervised", "pseudo": {"low": 0.2}},
        "on": {"start": "tags"},
        "scribbles": {"labels": {"images": 8, "scribbles": 40}},
        "masks": {"labels": {"images": 8}},
        "head": {"labels": 40, "strategy": "frozen"},
    }
    assert list(families(arms).values()) == [
        "supervised", "labels by image", "labels by region", "supervised", "semi-supervised",
        "semi-supervised", "weak", "weak", "weak", "weak", "supervised", "frozen",
    ]  # fmt: skip


def test_light_colors_are_told_apart_when_swapped_for_variables() -> None:
    light = [pair[0] for pair in css_variables().values()]
    assert len(set(light)) == len(light)

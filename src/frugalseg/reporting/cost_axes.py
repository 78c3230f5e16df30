"""The axes a budget can be read on: images, pixels, annotation time and money."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from frugalseg.reporting.load.study import Study

_TOUCHED = (
    "An image of which any region was bought counts as a whole image here: compare arms that buy "
    "by region over pixels or time."
)


@dataclass(frozen=True)
class CostAxis:
    """One way to count what labels cost.

    Attributes:
        key: short name, used in file names.
        tab: name in the switch above the figure.
        label: axis label, with the unit.
        column: column of `scores.csv` and `curve.csv` it is computed from.
        divisor: units of that column in one unit of the axis.
        note: what has to be known to read it.
    """

    key: str
    tab: str
    label: str
    column: str
    divisor: float
    note: str = ""

    def of(self, table: pd.DataFrame) -> pd.Series:
        """Return the cost of every row in the unit of the axis."""
        return table[self.column].astype(float) / self.divisor


def cost_axes(study: Study) -> tuple[CostAxis, ...]:
    """Return the axes of this study, in units that suit its size; money only with a price.

    Where regions were bought, pixels come first: an image of which one region is labeled counts as
    an image labeled, so that images do not compare arms that buy by region with others.
    """
    axes = [_images(study), _pixels(study), _time(study)]
    if axes[0].note:
        axes = [axes[1], axes[2], axes[0]]
    price = float(study.option("price_per_hour", 0) or 0)
    if price > 0:
        currency = str(study.option("currency", "€"))
        label = f"annotation cost ({currency}, {price:g} an hour)"
        axes.append(CostAxis("price", f"Money ({currency})", label, "seconds", 3600 / price))
    return tuple(axis for axis in axes if axis.column in study.curve)


def _images(study: Study) -> CostAxis:
    regions = "unit" in study.labels and (study.labels["unit"] == "region").any()
    return CostAxis(
        "images", "Images", "labeled images", "images", 1.0, _TOUCHED if regions else ""
    )


def _pixels(study: Study) -> CostAxis:
    divisor, name = _unit(study, "pixels", [(1e6, "megapixels"), (1e3, "kilopixels")])
    return CostAxis("pixels", "Pixels", f"labeled {name}", "pixels", divisor)


def _time(study: Study) -> CostAxis:
    divisor, name = _unit(study, "seconds", [(3600.0, "hours"), (60.0, "minutes")])
    return CostAxis("time", "Time", f"annotation {name}", "seconds", divisor)


def _unit(study: Study, column: str, units: Sequence[tuple[float, str]]) -> tuple[float, str]:
    """Return the largest unit of which the study's dearest run costs at least two."""
    most = float(study.curve[column].max()) if column in study.curve else 0.0
    return next((unit for unit in units if most >= 2 * unit[0]), units[-1])

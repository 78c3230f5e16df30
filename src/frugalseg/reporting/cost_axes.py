"""The axes a budget can be read on: images, pixels, annotation time and money."""

from dataclasses import dataclass

import pandas as pd

from frugalseg.reporting.load.study import Study

_REGIONS = (
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
        note: what a reader has to know about it.
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
    """Return the study's cost axes, in units that suit its size; money only if it has a price.

    Images come last where regions were bought: an image with one labeled region counts as a whole
    image, so that images are no fair scale.
    """
    regions = "unit" in study.labels and (study.labels["unit"] == "region").any()
    images = CostAxis(
        "images", "Images", "labeled images", "images", 1.0, _REGIONS if regions else ""
    )
    size, unit = _unit(study, "pixels", {"megapixels": 1e6, "kilopixels": 1e3})
    pixels = CostAxis("pixels", "Pixels", f"labeled {unit}", "pixels", size)
    size, unit = _unit(study, "seconds", {"hours": 3600.0, "minutes": 60.0})
    time = CostAxis("time", "Time", f"annotation {unit}", "seconds", size)
    axes = [pixels, time, images] if regions else [images, pixels, time]
    price = float(study.option("price_per_hour", 0) or 0)
    if price > 0:
        currency = str(study.option("currency", "€"))
        label = f"annotation cost ({currency}, {price:g} an hour)"
        axes.append(CostAxis("price", f"Money ({currency})", label, "seconds", 3600 / price))
    return tuple(axis for axis in axes if axis.column in study.curve)


def _unit(study: Study, column: str, units: dict[str, float]) -> tuple[float, str]:
    """Return size and name of the first unit of which some run costs two, else of the last."""
    most = float(study.curve[column].max()) if column in study.curve else 0.0
    sizes = [(size, name) for name, size in units.items()]
    return next((unit for unit in sizes if most >= 2 * unit[0]), sizes[-1])

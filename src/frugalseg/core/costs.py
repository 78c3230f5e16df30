"""What labels cost: from the ledger's boxes to images, pixels and seconds."""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from frugalseg.core.errors import FrugalsegError


def price(
    ledger: pd.DataFrame,
    *,
    mask_seconds: float,
    region_seconds: float,
    region_seconds_per_kilopixel: float,
    tag_seconds: float,
    mark_seconds: Mapping[str, float] = MappingProxyType({}),
) -> pd.DataFrame:
    """Return the cumulative cost of a ledger, one row a round.

    Seconds are computed here and not kept in the ledger: a changed price must not train again.

    Args:
        mark_seconds: of each stroke, point or box, by kind. An image that they are drawn on costs
            `tag_seconds` as well, since somebody has to see whether there is anything to mark.

    Returns:
        Columns `round`, and up to and including it `images` (with any mask pixel), `pixels` of
        masks and `seconds`, which include validation, and `train_pixels`, which does not.

    Raises:
        FrugalsegError: a kind has no price.
    """
    unit = ledger["unit"]
    fixed = {"image": mask_seconds, "region": region_seconds, "tag": tag_seconds}
    if missing := sorted(set(unit) - set(fixed) - set(mark_seconds)):
        raise FrugalsegError(
            f"costs.mark_seconds: expected the price of {missing[0]}, which an arm buys. Add it in "
            "seconds for each of them."
        )
    seconds = unit.map(dict.fromkeys(mark_seconds, tag_seconds) | fixed)  # to look at an image
    if "marks" in ledger:
        seconds += unit.map(mark_seconds).fillna(0) * ledger["marks"].fillna(0).astype(float)
    seconds += (unit == "region") * ledger["pixels"] / 1000 * region_seconds_per_kilopixel
    costs = []
    for number in sorted(ledger["round"].unique()):
        bought = ledger["round"] <= number
        masks = ledger[bought & unit.isin(("image", "region"))]
        costs.append(
            {
                "round": number,
                "images": masks["image_id"].nunique(),
                "pixels": masks["pixels"].sum(),
                "seconds": seconds[bought].sum(),
                "train_pixels": masks.loc[masks["part"] == "train", "pixels"].sum(),
            }
        )
    return pd.DataFrame(costs)

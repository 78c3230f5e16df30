"""What labels cost: from the ledger's boxes to images, pixels and seconds."""

import pandas as pd


def price(
    ledger: pd.DataFrame,
    *,
    mask_seconds: float,
    region_seconds: float,
    region_seconds_per_kilopixel: float,
    tag_seconds: float,
) -> pd.DataFrame:
    """Return the cumulative cost of a ledger, one row a round.

    Seconds are computed here and not kept in the ledger: a changed price must not train again.

    Returns:
        Columns `round`, and up to and including it `images` (with any mask pixel), `pixels` and
        `seconds`, which include validation, and `train_pixels`, which does not.
    """
    unit = ledger["unit"]
    seconds = unit.map({"image": mask_seconds, "region": region_seconds, "tag": tag_seconds})
    seconds += (unit == "region") * ledger["pixels"] / 1000 * region_seconds_per_kilopixel
    costs = []
    for number in sorted(ledger["round"].unique()):
        bought = ledger["round"] <= number
        masks = ledger[bought & (unit != "tag")]
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

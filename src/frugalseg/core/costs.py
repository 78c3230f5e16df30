"""What labels cost: from the ledger's boxes to images, pixels and seconds."""

import pandas as pd


def price(
    ledger: pd.DataFrame,
    *,
    mask_seconds: float,
    region_seconds_per_kilopixel: float,
    tag_seconds: float,
) -> pd.DataFrame:
    """Add up a ledger round by round.

    Seconds are computed here and not kept in the ledger: a changed price must not train again.

    Returns:
        One row a round of the ledger: `round`, and up to and with it `images` (with any mask
        pixel, validation included), `pixels` and `seconds` (validation included), and
        `train_pixels` (without it).
    """
    fixed = ledger["unit"].map({"image": mask_seconds, "region": 0.0, "tag": tag_seconds})
    region = ledger["unit"] == "region"
    seconds = fixed + region * ledger["pixels"] / 1000 * region_seconds_per_kilopixel
    masked = ledger["unit"] != "tag"
    rounds = sorted(ledger["round"].unique())
    return pd.DataFrame(
        {
            "round": rounds,
            "images": [
                ledger.loc[masked & (ledger["round"] <= r), "image_id"].nunique() for r in rounds
            ],
            "pixels": [ledger.loc[masked & (ledger["round"] <= r), "pixels"].sum() for r in rounds],
            "seconds": [seconds[ledger["round"] <= r].sum() for r in rounds],
            "train_pixels": [
                ledger.loc[
                    masked & (ledger["round"] <= r) & (ledger["part"] == "train"), "pixels"
                ].sum()
                for r in rounds
            ],
        }
    )

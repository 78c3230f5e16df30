"""Where an image comes from, as its name tells."""

import re

import pandas as pd


def sources(image_ids: pd.Series, origin: str) -> pd.Series:
    """Return each image's source: what the one group of the expression `origin` finds, else ''."""
    pattern = re.compile(origin)
    return image_ids.map(lambda name: found[1] if (found := pattern.search(name)) else "")

"""Names of encoders, without importing torch: a dry run cannot wait the seconds that takes.

The list in `encoders.txt` comes from the pinned segmentation-models-pytorch and timm; a test
compares it with them.
"""

from difflib import get_close_matches
from functools import cache
from importlib.resources import files


@cache
def encoder_names() -> frozenset[str]:
    """Return every encoder name that segmentation-models-pytorch accepts."""
    return frozenset(files("frugalseg.models").joinpath("encoders.txt").read_text().split())


def check_encoder(name: str) -> str:
    """Return `name` if it is an encoder; else raise ValueError with the nearest names."""
    names = encoder_names()
    if name in names:
        return name
    near = get_close_matches(name, sorted(names), n=5, cutoff=0.4)
    raise ValueError(
        f"unknown encoder. Nearest known: {', '.join(near) or 'none'}. Use one of the "
        f"{len(names)} encoders of segmentation-models-pytorch, or 'tu-NAME' for NAME of timm"
    )

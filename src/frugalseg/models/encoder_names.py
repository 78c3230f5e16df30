"""Names of encoders, known without importing torch.

The list lies in `encoders.txt`, written from the pinned segmentation-models-pytorch and timm; a
test holds it against them. Importing both takes seconds, which a dry run does not have.
"""

from difflib import get_close_matches
from functools import cache
from importlib.resources import files


@cache
def encoder_names() -> frozenset[str]:
    """Return every encoder name that segmentation-models-pytorch takes."""
    return frozenset(files("frugalseg.models").joinpath("encoders.txt").read_text().split())


def check_encoder(name: str) -> str:
    """Return `name` if it is an encoder; raises ValueError naming the nearest known ones."""
    names = encoder_names()
    if name in names:
        return name
    near = get_close_matches(name, sorted(names), n=5, cutoff=0.4)
    raise ValueError(
        f"unknown encoder. Nearest known: {', '.join(near) or 'none'}. All {len(names)}: the "
        f"encoders of segmentation-models-pytorch, and 'tu-NAME' for NAME of timm"
    )

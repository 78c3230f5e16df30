"""Which contrasts were planned before results existed, and which came or changed afterwards."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from frugalseg.settings.study import ContrastParams


def fingerprint(contrast: ContrastParams) -> str:
    """Return the SHA-256 of the contrast: its arms, metric, budget, claim and margin."""
    text = json.dumps(contrast.model_dump(), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def standing(contrasts: Sequence[ContrastParams], registered: Mapping[str, bool]) -> list[str]:
    """Return `confirmatory` or `exploratory` for each contrast.

    Args:
        registered: fingerprint -> whether the contrast was planned before results existed. A
            changed contrast has a new fingerprint, so it counts as added.
    """
    names = {True: "confirmatory", False: "exploratory"}
    return [names[registered.get(fingerprint(contrast), False)] for contrast in contrasts]

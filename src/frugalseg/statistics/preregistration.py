"""Which contrasts were planned before results existed, and which came or changed afterwards."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from frugalseg.settings.study import ContrastParams


def fingerprint(contrast: ContrastParams) -> str:
    """Return the SHA-256 of the contrast: its arms, metric, budget, claim and margin."""
    text = json.dumps(contrast.model_dump(), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def register(
    contrasts: Sequence[ContrastParams], earlier: Mapping[str, bool] | None, *, results_exist: bool
) -> dict[str, bool]:
    """Return fingerprint -> "was planned before results existed", to be kept with the results.

    Once registered a contrast keeps its standing, even if it is removed and added again. A changed
    contrast has a new fingerprint, so it counts as added.

    Args:
        contrasts: as they stand in the parameters now.
        earlier: what this function returned the last time; None the first time.
        results_exist: whether any score of a compared arm existed before this call. If so and
            `earlier` is None, nobody can say what was planned: all are exploratory.
    """
    planned = {fingerprint(contrast): not results_exist for contrast in contrasts}
    registered = dict(earlier or {})
    return registered | planned | registered


def standing(contrasts: Sequence[ContrastParams], registered: Mapping[str, bool]) -> list[str]:
    """Return `confirmatory` or `exploratory` for each contrast."""
    names = {True: "confirmatory", False: "exploratory"}
    return [names[registered.get(fingerprint(contrast), False)] for contrast in contrasts]

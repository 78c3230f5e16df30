"""Which contrasts were planned before results existed, and which came or changed afterwards."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from frugalseg.statistics.contrast import Contrast


def fingerprint(contrast: Contrast) -> str:
    """Return the SHA-256 of the contrast: its arms, metric, budget, claim and margin."""
    fields = asdict(contrast)
    numbers = {name: float(fields[name]) for name in ("at", "margin") if fields[name] != "final"}
    text = json.dumps(fields | numbers, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def register(
    contrasts: Sequence[Contrast], earlier: Mapping[str, bool] | None, *, results_exist: bool
) -> dict[str, bool]:
    """Return fingerprint -> "was planned before results existed", to be kept with the results.

    Once registered a contrast keeps its standing, also when it is taken out and put back. A changed
    contrast has a new fingerprint, so it counts as added.

    Args:
        contrasts: as they stand in the parameters now.
        earlier: what this function returned the last time; None the first time.
        results_exist: whether any score of a compared arm was there before this call. With
            `earlier` None and results there, nobody can say what was planned: all are exploratory.
    """
    known = dict(earlier or {})
    return known | {key: known.get(key, not results_exist) for key in map(fingerprint, contrasts)}


def standing(contrasts: Sequence[Contrast], registered: Mapping[str, bool]) -> list[str]:
    """Return `confirmatory` or `exploratory` for each contrast."""
    return [
        "confirmatory" if registered.get(fingerprint(contrast), False) else "exploratory"
        for contrast in contrasts
    ]

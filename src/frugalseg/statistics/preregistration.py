"""Which contrasts were planned before results existed, and what came or changed afterwards."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from frugalseg.core.text import plural
from frugalseg.settings.study import ContrastParams, Order


class PlannedOrder(BaseModel):
    """How contrasts share the error rate: kind, fingerprints in their order, weights."""

    kind: Order
    sequence: list[str]
    weights: list[float]

    @classmethod
    def of(cls, contrasts: Sequence[ContrastParams], kind: Order) -> "PlannedOrder":
        """Return the order of `contrasts`."""
        sequence = [fingerprint(contrast) for contrast in contrasts]
        return cls(kind=kind, sequence=sequence, weights=[c.weight for c in contrasts])


def registered_values(contrast: ContrastParams) -> dict[str, Any]:
    """Return what is registered of a contrast: all but its weight, which belongs to the order."""
    return contrast.model_dump(exclude={"weight"})


def fingerprint(contrast: ContrastParams) -> str:
    """Return the SHA-256 of the contrast: its arms, metric, budget, claim and margin."""
    text = json.dumps(registered_values(contrast), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def standing(contrasts: Sequence[ContrastParams], registered: Mapping[str, bool]) -> list[str]:
    """Return `confirmatory` or `exploratory` for each contrast.

    Args:
        registered: fingerprint -> whether the contrast was planned before results existed. A
            changed contrast has a new fingerprint, so it counts as added.
    """
    names = {True: "confirmatory", False: "exploratory"}
    return [names[registered.get(fingerprint(contrast), False)] for contrast in contrasts]


def changed_order(planned: PlannedOrder, registered: PlannedOrder) -> str:
    """Return what changed in how contrasts share the error rate; "" if nothing did.

    Contrasts that were added share it too, which makes nothing easier. One that was taken out hands
    its share to others, and so counts as a change; so does the sequence, except under `holm`.
    """
    if planned.kind != registered.kind:
        return f"order: {registered.kind}, now {planned.kind}"
    weights = dict(zip(planned.sequence, planned.weights, strict=True))
    if gone := [key for key in registered.sequence if key not in weights]:
        return f"{plural(len(gone), 'registered contrast')} taken out"
    if [weights[key] for key in registered.sequence] != registered.weights:
        return "weights"
    kept = [key for key in planned.sequence if key in registered.sequence]
    return "sequence" if planned.kind != "holm" and kept != registered.sequence else ""

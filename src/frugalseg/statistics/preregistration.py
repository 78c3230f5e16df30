"""Which contrasts were planned before results existed, and what came or changed afterwards."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from frugalseg.core.text import plural
from frugalseg.settings.study import ContrastParams, Order, Spending


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


class Design(BaseModel):
    """What every contrast of a study rests on besides its own settings.

    Attributes:
        alpha: error rate over all contrasts.
        looks: numbers of seeds of a sequential study; empty for a fixed number of seeds.
        spending: how its looks spend the error rate.
        data: hash of the prepared images and masks.
        arms: arm -> hash of how it and the arms that it starts from buy labels and learn.
    """

    alpha: float
    looks: list[int] = []
    spending: Spending = "linear"
    data: str
    arms: dict[str, str]


def changed_parts(contrast: ContrastParams, now: Design, registered: Design) -> list[str]:
    """Return which parts of the design behind a contrast are not as registered.

    Example:
        >>> before = Design(alpha=0.05, data="d", arms={"a": "1", "b": "2", "c": "3"})
        >>> now = before.model_copy(update={"alpha": 0.1, "arms": {"a": "1", "b": "4", "c": "5"}})
        >>> changed_parts(ContrastParams(a="a", b="b"), now, before)
        ['alpha', 'arm b']
    """
    names = ("alpha", "looks", "spending", "data")
    changed = [name for name in names if getattr(now, name) != getattr(registered, name)]
    arms = (contrast.a, contrast.b)
    return changed + [f"arm {a}" for a in arms if now.arms.get(a) != registered.arms.get(a)]


def registered_values(contrast: ContrastParams) -> dict[str, Any]:
    """Return what is registered of a contrast: all but its weight, which belongs to the order."""
    return contrast.model_dump(exclude={"weight"})


def fingerprint(contrast: ContrastParams) -> str:
    """Return the SHA-256 of the contrast: its arms, metric, budget, claim and margin."""
    return digest_of(registered_values(contrast))


def digest_of(values: Any) -> str:
    """Return the SHA-256 of plain values, whatever the order of their keys."""
    text = json.dumps(values, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def standing(
    contrasts: Sequence[ContrastParams], registered: Mapping[str, bool], changed: Sequence[str]
) -> list[str]:
    """Return `confirmatory` or `exploratory` for each contrast.

    Args:
        registered: fingerprint -> whether the contrast was planned before results existed. A
            changed contrast has a new fingerprint, so it counts as added.
        changed: for each contrast, what changed in its design since then; "" if nothing did.
    """
    return [
        "confirmatory" if registered.get(fingerprint(contrast)) and not parts else "exploratory"
        for contrast, parts in zip(contrasts, changed, strict=True)
    ]


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

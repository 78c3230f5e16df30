"""The file that records which contrasts were planned before results existed, and their order.

Entries are only ever added. The file is not an output of a rule, because Snakemake deletes outputs
before a job; git keeps it and its history beside `metrics.json`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from frugalseg.core import paths
from frugalseg.core.files import read_json, write_json
from frugalseg.params.kept import read_kept
from frugalseg.settings.study import ContrastParams, Order
from frugalseg.statistics.preregistration import (
    Design,
    PlannedOrder,
    digest_of,
    fingerprint,
    registered_values,
)


class RegisteredContrast(BaseModel):
    """A contrast in plain values, and whether it was planned before results existed."""

    before_results: bool
    contrast: dict[str, Any]


class Registration(BaseModel):
    """The content of the file: contrasts by fingerprint; seeds, order, design of the first results.

    Files of earlier versions lack `order`, which was Holm with equal weights, and `design`.
    """

    contrasts: dict[str, RegisteredContrast]
    seeds: list[int]
    order: PlannedOrder | None = None
    design: Design | None = None

    @property
    def first_order(self) -> PlannedOrder:
        """Return how the contrasts that were planned before results share the error rate."""
        first = [key for key, contrast in self.contrasts.items() if contrast.before_results]
        return self.order or PlannedOrder(kind="holm", sequence=first, weights=[1.0] * len(first))


def read_registration(path: Path) -> Registration | None:
    """Read the file; return None if it does not exist.

    Raises:
        FrugalsegError: it exists but is not what `keep_registration` writes.
    """
    lost = (
        "it is unknown which contrasts were planned before results existed. Restore it from git; a "
        "new file could not tell."
    )
    return read_kept(path, Registration, lost)


def read_design(settings: Mapping[str, Any], prepared: Path) -> Design:
    """Return the design of a study: its settings, and the hash of the data in `prepared`."""
    card = read_json(paths.within(prepared, paths.CARD))
    return Design(**settings, data=digest_of([card["images_sha256"], card["masks_sha256"]]))


def keep_registration(
    path: Path,
    contrasts: Sequence[ContrastParams],
    seeds: Sequence[int],
    order: Order,
    design: Design,
) -> None:
    """Add the planned contrasts that are not yet in the file.

    The first call, with the first results, creates the file: its contrasts count as planned before
    results, those of later calls do not. Existing entries never change.
    """
    earlier = read_registration(path)
    added = {
        fingerprint(contrast): {
            "before_results": earlier is None,
            "contrast": registered_values(contrast),
        }
        for contrast in contrasts
    }
    first = {"contrasts": {}, "seeds": seeds, "design": design}
    first |= {"order": PlannedOrder.of(contrasts, order)}
    content = Registration.model_validate(first) if earlier is None else earlier
    values = content.model_dump(exclude_none=True)
    if earlier is None or not added.keys() <= values["contrasts"].keys():
        write_json(path, values | {"contrasts": added | values["contrasts"]})

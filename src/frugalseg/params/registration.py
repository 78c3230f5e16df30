"""The file that records which contrasts were planned before results existed, and their order.

Entries are only ever added. The file is not an output of a rule, because Snakemake deletes outputs
before a job; git keeps it and its history beside `metrics.json`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import write_json
from frugalseg.settings.study import ContrastParams, Order
from frugalseg.statistics.preregistration import PlannedOrder, fingerprint, registered_values


class RegisteredContrast(BaseModel):
    """A contrast in plain values, and whether it was planned before results existed."""

    before_results: bool
    contrast: dict[str, Any]


class Registration(BaseModel):
    """The content of the file: contrasts by fingerprint; seeds and order of the first results.

    Files of earlier versions lack `order`; it was Holm with equal weights.
    """

    contrasts: dict[str, RegisteredContrast]
    seeds: list[int]
    order: PlannedOrder | None = None

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
    if not path.exists():
        return None
    try:
        return Registration.model_validate_json(path.read_bytes())
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        where = ".".join(map(str, detail["loc"])) or "the file"
        raise FrugalsegError(
            f"{path} is damaged ({where}: {detail['msg']}), so it is unknown which contrasts were "
            "planned before results existed. Restore it from git; a new file could not tell."
        ) from None


def keep_registration(
    path: Path, contrasts: Sequence[ContrastParams], seeds: Sequence[int], order: Order
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
    first = {"contrasts": {}, "seeds": seeds, "order": PlannedOrder.of(contrasts, order)}
    content = Registration.model_validate(first) if earlier is None else earlier
    values = content.model_dump(exclude_none=True)
    if earlier is None or not added.keys() <= values["contrasts"].keys():
        write_json(path, values | {"contrasts": added | values["contrasts"]})

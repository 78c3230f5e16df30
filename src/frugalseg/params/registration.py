"""The file that records which contrasts were planned before results existed.

Entries are only ever added. The file is not an output of a rule, because Snakemake deletes outputs
before a job; git keeps it and its history beside `metrics.json`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from frugalseg.core.errors import FrugalsegError
from frugalseg.core.files import write_json
from frugalseg.settings.study import ContrastParams
from frugalseg.statistics.preregistration import fingerprint


class RegisteredContrast(BaseModel):
    """A contrast in plain values, and whether it was planned before results existed."""

    before_results: bool
    contrast: dict[str, Any]


class Registration(BaseModel):
    """The content of the file: contrasts by fingerprint, and the seeds of the first results."""

    contrasts: dict[str, RegisteredContrast]
    seeds: list[int]


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
    path: Path, contrasts: Sequence[ContrastParams], seeds: Sequence[int]
) -> None:
    """Add the planned contrasts that are not yet in the file.

    The first call, with the first results, creates the file: its contrasts count as planned before
    results, those of later calls do not. Existing entries never change.
    """
    earlier = read_registration(path)
    added = {
        fingerprint(contrast): {
            "before_results": earlier is None,
            "contrast": contrast.model_dump(),
        }
        for contrast in contrasts
    }
    content: dict[str, Any] = (
        earlier.model_dump() if earlier else {"contrasts": {}, "seeds": list(seeds)}
    )
    if earlier is None or not added.keys() <= content["contrasts"].keys():
        write_json(path, content | {"contrasts": added | content["contrasts"]})

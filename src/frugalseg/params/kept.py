"""Reading the JSON files that a study keeps in git beside its metrics."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from frugalseg.core.errors import FrugalsegError

Kept = TypeVar("Kept", bound=BaseModel)


def read_kept(path: Path, model: type[Kept], lost: str) -> Kept | None:
    """Return the content of a file as `model`; None if it does not exist.

    Args:
        lost: what nobody knows without the file, and what to do; the end of the error's sentence.

    Raises:
        FrugalsegError: the file exists but does not hold a `model`.
    """
    if not path.exists():
        return None
    try:
        return model.model_validate_json(path.read_bytes())
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        where = ".".join(map(str, detail["loc"])) or "the file"
        raise FrugalsegError(f"{path} is damaged ({where}: {detail['msg']}), so {lost}") from None

"""Whether a file is the one that was meant."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from frugalseg.core.errors import FrugalsegError

_DIGITS = {"sha256": 64, "md5": 32}


@dataclass(frozen=True)
class FetchInfo:
    """What was fetched: its sha256 in lowercase hex, its size, and from where."""

    sha256: str
    bytes: int
    source: str


def check_expected(**expected: str | None) -> None:
    """Raise FrugalsegError if an expected `sha256=` or `md5=` could never be met."""
    for name, value in expected.items():
        if value is not None and not re.fullmatch(rf"[0-9a-fA-F]{{{_DIGITS[name]}}}", value):
            raise FrugalsegError(
                f"{name}: expected {_DIGITS[name]} hexadecimal digits, found {value!r}. "
                "Correct it in the parameters, or leave it out."
            )


def verify(path: Path, source: str, *, sha256: str | None, md5: str | None) -> FetchInfo:
    """Read the file at `path` once for each checksum and compare it with what was expected.

    Raises:
        FrugalsegError: saying which checksum was expected and which was found.
    """
    found = {"sha256": _digest(path, "sha256")}
    if md5 is not None:
        found["md5"] = _digest(path, "md5")
    size = path.stat().st_size
    for name, expected in {"sha256": sha256, "md5": md5}.items():
        if expected is not None and expected.lower() != found[name]:
            raise FrugalsegError(
                f"{source}: wrong checksum at {path}. Expected {name} {expected.lower()}, found "
                f"{found[name]} in {size} bytes. Get it again in case it was damaged on its way; "
                "if it stays so, the source has changed: look there, and correct the parameters."
            )
    return FetchInfo(found["sha256"], size, source)


def _digest(path: Path, name: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, name).hexdigest()

"""A partly downloaded file, and the record of its origin beside it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Origin:
    """Where the bytes of a part file come from.

    Attributes:
        url: address.
        validator: ETag or date that the server gave this version; "" if it gave none.
        total: bytes of the whole file; None if the server did not say.
    """

    url: str
    validator: str
    total: int | None


def sidecar(part: Path) -> Path:
    """Return the path of the file that records the origin of `part`."""
    return part.with_name(part.name + ".json")


def save(part: Path, origin: Origin) -> None:
    """Start over: delete `part`, and record `origin` if a download from it can be resumed."""
    # the old bytes go first, or a process killed in between would leave them with a new origin
    discard(part)
    if origin.validator:
        sidecar(part).write_text(json.dumps(asdict(origin)), encoding="utf-8")


def load(part: Path, url: str) -> Origin | None:
    """Return the recorded origin of `part`; None if there is none, or another address."""
    try:
        origin = Origin(**json.loads(sidecar(part).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return origin if origin.url == url and part.exists() else None


def resume_point(part: Path, origin: Origin | None) -> int:
    """Return the first byte to request for the rest of `part`."""
    if origin is None:
        return 0
    size = part.stat().st_size
    # a complete file requests its last byte again, so that the server confirms the version
    return size if origin.total is None else min(size, max(origin.total - 1, 0))


def discard(part: Path) -> None:
    """Delete `part` and the record of its origin."""
    part.unlink(missing_ok=True)
    sidecar(part).unlink(missing_ok=True)

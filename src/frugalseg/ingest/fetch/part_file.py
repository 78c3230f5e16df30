"""A file of which a beginning is there, and what it is the beginning of."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Origin:
    """What the bytes of a part file are the beginning of.

    Attributes:
        url: address.
        validator: ETag, or date, that the server gave to this version.
        total: bytes of the whole file; None if the server did not say.
    """

    url: str
    validator: str
    total: int | None


def sidecar(part: Path) -> Path:
    """Return the file beside `part` that keeps its origin."""
    return part.with_name(part.name + ".json")


def save(part: Path, origin: Origin) -> None:
    """Begin anew: drop `part`, and keep `origin` of the bytes to come if it can be asked for."""
    # The old bytes go first: a process killed in between must not find them under the new name.
    discard(part)
    if origin.validator:
        sidecar(part).write_text(json.dumps(asdict(origin)), encoding="utf-8")


def load(part: Path, url: str) -> Origin | None:
    """Return the origin of `part` if it is known and is `url`."""
    try:
        origin = Origin(**json.loads(sidecar(part).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    return origin if origin.url == url and part.exists() else None


def resume_point(part: Path, origin: Origin | None) -> int:
    """Return from which byte on the rest of `part` is to be asked for."""
    if origin is None:
        return 0
    size = part.stat().st_size
    # One byte is asked for again where all are there, so that the server says if they still hold.
    return size if origin.total is None else min(size, max(origin.total - 1, 0))


def discard(part: Path) -> None:
    """Remove `part` and what is known of it."""
    part.unlink(missing_ok=True)
    sidecar(part).unlink(missing_ok=True)

"""Get the archive of a data set from wherever it lies."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.fetch.by_hand import KAGGLE, MANUAL, fetch_kaggle, find_by_hand, missing
from frugalseg.ingest.fetch.http_resume import discard, download
from frugalseg.ingest.fetch.local_source import PREFIX, find_source, take

_WEB = ("https://", "http://")


def fetch(
    source: str,
    target: Path,
    *,
    sha256: str | None = None,
    md5: str | None = None,
    search: Sequence[Path] = (),
) -> None:
    """Bring the archive that `source` names to `target`, whole and checked, or not at all.

    Args:
        source: one of
            `https://...` (http only from this machine): resumed where it stopped, also by a later
            run, from `<target>.part`;
            `file:PATH`: a zip archive to copy, or a folder to pack; absolute, relative to the
            current folder, or to one of `search`;
            `kaggle:OWNER/DATASET`: found in `search`, or fetched by the kaggle program;
            `manual:ADDRESS`: put at `target` or in `search` by hand.
        target: an existing file is kept if it has the expected checksum, or if the source is
            fetched by hand; otherwise it is replaced.
        sha256, md5: expected checksums, in hex; None if not known.
        search: folders that relative paths and files fetched by hand may lie in.

    Raises:
        FrugalsegError: saying what was expected, what was found, and what to do.
    """
    try:
        if _is_there(source, target, sha256, md5):
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.part")
        try:
            _bring(source, target, part, search)
            try:
                verify(part, source, sha256=sha256, md5=md5)
            except FrugalsegError:
                discard(part)
                raise
            part.replace(target)
        finally:
            if not source.startswith(_WEB):
                discard(part)
    except OSError as error:
        raise FrugalsegError(
            f"{source}: cannot be brought to {target}: {error}. "
            "Make room or grant read and write access there, and run again."
        ) from error


def verify(path: Path, source: str, *, sha256: str | None, md5: str | None) -> None:
    """Raise FrugalsegError if a checksum of the file at `path` is not the expected one, in hex."""
    for name, expected in (("sha256", sha256), ("md5", md5)):
        if expected is None:
            continue
        with path.open("rb") as file:
            actual = hashlib.file_digest(file, name).hexdigest()
        if actual != expected.lower():
            raise FrugalsegError(
                f"{source}: wrong checksum at {path}. Expected {name} {expected.lower()}, found "
                f"{actual} in {path.stat().st_size} bytes. Get it again in case it was damaged in "
                "transit; if the checksum stays wrong, the source has changed: check it, and "
                "correct params.yaml."
            )


def _bring(source: str, target: Path, part: Path, search: Sequence[Path]) -> None:
    if source.startswith(_WEB):
        download(source, part)
    elif source.startswith(PREFIX):
        take(find_source(source, search), part)
    elif source.startswith((KAGGLE, MANUAL)):
        if (archive := find_by_hand(source, target, search)) is not None:
            take(archive, part)
        elif source.startswith(MANUAL):
            raise missing(source, target, search, "its page has a form or a login")
        elif why := fetch_kaggle(source, part):
            raise missing(source, target, search, why)
    else:
        raise FrugalsegError(
            f"Unknown source {source!r}. Known: https://..., file:PATH, kaggle:OWNER/DATASET, "
            "manual:ADDRESS."
        )


def _is_there(source: str, target: Path, sha256: str | None, md5: str | None) -> bool:
    """Say whether `target` is already what `source` would bring: fetched by hand, or checked."""
    by_hand = source.startswith((MANUAL, KAGGLE))
    if not target.is_file() or not (by_hand or sha256 or md5):
        return False
    try:
        verify(target, source, sha256=sha256, md5=md5)
    except FrugalsegError:
        if by_hand:
            raise
        return False
    return True

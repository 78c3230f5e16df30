"""Get the archive of a data set from wherever it lies."""

from collections.abc import Sequence
from pathlib import Path

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.fetch.by_hand import KAGGLE, MANUAL, fetch_kaggle, find_by_hand, missing
from frugalseg.ingest.fetch.checksum import FetchInfo, check_expected, verify
from frugalseg.ingest.fetch.http_resume import HttpOptions, download
from frugalseg.ingest.fetch.local_source import PREFIX, find_source, fingerprint, take
from frugalseg.ingest.fetch.part_file import discard

__all__ = ["FetchInfo", "HttpOptions", "fetch", "fingerprint"]

_WEB = ("https://", "http://")
_DEFAULT = HttpOptions()


def fetch(
    source: str,
    target: Path,
    *,
    sha256: str | None = None,
    md5: str | None = None,
    search: Sequence[Path] = (),
    http: HttpOptions = _DEFAULT,
) -> FetchInfo:
    """Bring the archive that `source` names to `target`, whole and checked, or not at all.

    Args:
        source: one of
            `https://...` (http only from this very machine): resumed where it stopped, also by a
            later run, from `<target>.part`;
            `file:PATH`: a zip archive to copy, or a folder to pack; absolute, relative to the
            current folder, or to one of `search`;
            `kaggle:OWNER/DATASET`: found in `search`, or by the kaggle program;
            `manual:ADDRESS`: put at `target` or in `search` by hand.
        target: the file to make; replaced if it is there, or taken as it is if it is what a
            checksum or `manual:` asks for.
        sha256: expected, in hex; None if not known.
        md5: likewise.
        search: folders that relative paths and files put there by hand may lie in.
        http: patience and progress of a download.

    Raises:
        FrugalsegError: saying what was expected, what was found, and what to do.
    """
    check_expected(sha256=sha256, md5=md5)
    try:
        if (there := _already_there(source, target, sha256, md5)) is not None:
            return there
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.part")
        try:
            _bring(source, target, part, search, http)
            info = _verified(part, source, sha256, md5)
            part.replace(target)
        finally:
            if not source.startswith(_WEB):
                discard(part)
    except OSError as error:
        raise FrugalsegError(
            f"{source}: cannot be brought to {target}: {error}. "
            "Make room or give the right to read and write there, and run again."
        ) from error
    return info


def _bring(
    source: str, target: Path, part: Path, search: Sequence[Path], http: HttpOptions
) -> None:
    if source.startswith(_WEB):
        download(source, part, http)
    elif source.startswith(PREFIX):
        take(find_source(source, search), part)
    elif source.startswith((KAGGLE, MANUAL)):
        if (found := find_by_hand(source, target, search)) is not None:
            take(found, part)
        elif source.startswith(MANUAL):
            raise missing(source, target, search, "its page has a form or a login")
        elif why := fetch_kaggle(source, part):
            raise missing(source, target, search, why)
    else:
        raise FrugalsegError(
            f"Unknown source {source!r}. Known: https://..., file:PATH, kaggle:OWNER/DATASET, "
            "manual:ADDRESS."
        )


def _already_there(
    source: str, target: Path, sha256: str | None, md5: str | None
) -> FetchInfo | None:
    """Describe what lies at `target` if it is what `source` would bring: put there, or checked."""
    by_hand = source.startswith((MANUAL, KAGGLE))
    if not target.is_file() or not (by_hand or sha256 or md5):
        return None
    try:
        return verify(target, source, sha256=sha256, md5=md5)
    except FrugalsegError:
        if by_hand:
            raise
        return None


def _verified(part: Path, source: str, sha256: str | None, md5: str | None) -> FetchInfo:
    try:
        return verify(part, source, sha256=sha256, md5=md5)
    except FrugalsegError:
        discard(part)
        raise

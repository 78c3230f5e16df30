"""Download over HTTP, resumed where it stopped (RFC 9110: Range, If-Range, Content-Range)."""

import json
import logging
import re
import time
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import requests
import urllib3

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.fetch.http_address import CheckedSession, check_url, is_loopback

_LOG = logging.getLogger(__name__)
_TRY_LATER = {408, 425, 429, 500, 502, 503, 504}
_TRANSIENT = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    urllib3.exceptions.HTTPError,
)
_BY_HAND = "Open the address in a browser; if it needs a login or has moved, use `manual:` instead."

DELAYS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Seconds before each new try; after as many tries without new bytes the download fails."""
TIMEOUT = (15.0, 60.0)
"""Seconds for the server to answer, and the longest silence within an answer."""
CHUNK_BYTES = 1 << 16
MAX_BYTES = 1 << 38
"""The largest file that is downloaded."""


class Origin(NamedTuple):
    """Address and version (ETag or date, "" if unknown) of a part file's bytes, and their total."""

    url: str
    validator: str
    total: int | None


class _TryAgainError(Exception):
    """The try failed, but another may succeed; `seconds` is how long the server asks to wait."""

    def __init__(self, reason: object, seconds: float = 0) -> None:
        super().__init__(str(reason))
        self.seconds = seconds


def download(url: str, part: Path) -> None:
    """Complete the file `part` with what `url` gives, keeping what `part` holds already.

    The file `<part>.json` beside it records the server and the version of its bytes; without an
    ETag or a date from the server, or if either changed, the download starts over.

    Raises:
        FrugalsegError: naming the address, what was found and the remedy. `part` stays if another
            run can resume from it.
        OSError: `part` cannot be written.
    """
    check_url(url)
    tries, most = 0, 0
    with CheckedSession() as session:
        session.trust_env = not is_loopback(urlsplit(url).hostname or "")
        while True:
            try:
                return _attempt(session, url, part)
            except _TryAgainError as fault:
                size = part.stat().st_size if part.exists() else 0
                if size >= most + CHUNK_BYTES:
                    tries, most = 0, size
                if tries == len(DELAYS):
                    raise FrugalsegError(
                        f"{url}: no success in {tries + 1} tries; {size} bytes are there. The last "
                        f"error: {fault}. Check the network and run again; the download resumes if "
                        "the server allows it."
                    ) from fault
                seconds = max(DELAYS[tries], fault.seconds)
                _LOG.warning("%s: %s; trying again in %.1f s", url, fault, seconds)
                time.sleep(seconds)
                tries += 1


def _attempt(session: requests.Session, url: str, part: Path) -> None:
    origin = load_origin(part, url)
    start = resume_point(part, origin)
    headers = {"Accept-Encoding": "identity"}
    if origin is not None and start:
        headers |= {"Range": f"bytes={start}-", "If-Range": origin.validator}
    try:
        with session.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
            _check_status(response, part)
            if response.status_code == requests.codes.partial_content:
                total = _check_range(response, part, start, origin)
            else:
                length = response.headers.get("Content-Length", "")
                start, total = 0, int(length) if length.isdecimal() else None
                save_origin(part, Origin(url, _validator(response), total))
            _receive(response, part, start, total)
    except requests.exceptions.SSLError as error:
        raise FrugalsegError(f"{url}: the server cannot be trusted ({error}).") from error
    except _TRANSIENT as error:
        raise _TryAgainError(error) from error
    except requests.RequestException as error:
        raise FrugalsegError(f"{url}: cannot be downloaded ({error}). {_BY_HAND}") from error


def _check_status(response: requests.Response, part: Path) -> None:
    status = f"{response.status_code} {response.reason}"
    if response.status_code == requests.codes.requested_range_not_satisfiable:
        discard(part)
        raise _TryAgainError(f"server says {status}")
    if response.status_code in _TRY_LATER:
        after = response.headers.get("Retry-After", "")
        seconds = min(int(after), 300) if after.isdecimal() else 0
        raise _TryAgainError(f"server says {status}", seconds)
    encoding = response.headers.get("Content-Encoding", "identity")
    if response.status_code not in (200, 206) or encoding != "identity":
        raise FrugalsegError(
            f"{response.url}: expected a file, the server says {status} ({encoding}). {_BY_HAND}"
        )


def _check_range(
    response: requests.Response, part: Path, start: int, origin: Origin | None
) -> int | None:
    """Return the size of the whole file; a range of another place or version is refused."""
    stated = response.headers.get("Content-Range", "")
    match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", stated)
    same = origin is not None and _validator(response) in ("", origin.validator)
    if match is None or int(match[1]) != start or not same:
        discard(part)
        raise _TryAgainError(f"asked for the bytes from {start}, the server sent {stated!r}")
    return None if match[2] == "*" else int(match[2])


def _receive(response: requests.Response, part: Path, start: int, total: int | None) -> None:
    done, next_report = start, start
    with part.open("r+b" if start else "wb") as sink:
        sink.seek(start)
        sink.truncate()
        for chunk in chain([b""], response.iter_content(CHUNK_BYTES)):
            done += sink.write(chunk)
            size = max(done, total or 0)
            if size > MAX_BYTES:
                raise FrugalsegError(
                    f"{part.name}: {size} bytes or more; allowed: {MAX_BYTES}. "
                    "If that is right, download it by hand."
                )
            if done >= next_report or done == total:
                _LOG.info("%s: %d of %s bytes", part.name, done, total or "unknown")
                next_report = done + max((total or 0) // 10, 16 << 20)
    if total is not None and done != total:
        if done > total:
            discard(part)
        raise _TryAgainError(f"expected {total} bytes, received {done}")
    sidecar(part).unlink(missing_ok=True)


def _validator(response: requests.Response) -> str:
    etag = response.headers.get("ETag", "")
    if etag and not etag.startswith("W/"):
        return etag
    return response.headers.get("Last-Modified", "")


def sidecar(part: Path) -> Path:
    """Return the path of the file that records the origin of `part`."""
    return part.with_name(part.name + ".json")


def save_origin(part: Path, origin: Origin) -> None:
    """Start over: delete `part`, and record `origin` if a download from it can be resumed."""
    # the old bytes go first, or a process killed in between would leave them with a new origin
    discard(part)
    if origin.validator:
        sidecar(part).write_text(json.dumps(origin._asdict()), encoding="utf-8")


def load_origin(part: Path, url: str) -> Origin | None:
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

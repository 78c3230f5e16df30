"""Download over HTTP that goes on where it stopped (RFC 9110: Range, If-Range, Content-Range)."""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import requests
import urllib3

from frugalseg.core.errors import FrugalsegError
from frugalseg.ingest.fetch.http_address import CheckedSession, check_url, is_loopback
from frugalseg.ingest.fetch.part_file import Origin, discard, load, resume_point, save, sidecar

_LOG = logging.getLogger(__name__)
_TRY_LATER = {408, 425, 429, 500, 502, 503, 504}
_TRANSIENT = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    urllib3.exceptions.HTTPError,
)
_BY_HAND = "Open the address in a browser; if it needs a login or has moved, say `manual:` instead."


@dataclass(frozen=True)
class HttpOptions:
    """How patient a download is.

    Attributes:
        delays: seconds to wait before each new try; after as many tries that brought nothing new
            the download fails.
        jitter: scales each delay by 0.5 to 1.5, so that many clients do not come back at once.
        connect_seconds: until the server must have answered a call.
        read_seconds: the longest silence in the middle of an answer.
        chunk_bytes: written at a time.
        max_bytes: the largest file that is taken.
        progress: called with the bytes there and the bytes in all, None if that is not known.
        sleep: waits that many seconds.
    """

    delays: tuple[float, ...] = (1, 2, 4, 8, 16, 32)
    jitter: np.random.Generator | None = None
    connect_seconds: float = 15
    read_seconds: float = 60
    chunk_bytes: int = 1 << 16
    max_bytes: int = 1 << 38
    progress: Callable[[int, int | None], None] | None = None
    sleep: Callable[[float], None] = time.sleep


class _TryAgainError(Exception):
    """This try brought not all, and another one may."""

    def __init__(self, reason: object, seconds: float = 0) -> None:
        super().__init__(str(reason))
        self.seconds = seconds


def download(url: str, part: Path, options: HttpOptions) -> None:
    """Bring the file `part` to hold all that `url` gives, beginning with what it holds already.

    Beside it, `<part>.json` keeps what server and version its bytes are of; without an ETag or
    date of the server, or if either changed, the download begins anew.

    Raises:
        FrugalsegError: naming the address, what was found and the remedy. `part` stays if another
            run can go on with it.
        OSError: `part` cannot be written.
    """
    check_url(url)
    tries, most = 0, 0
    with CheckedSession() as session:
        session.trust_env = not is_loopback(urlsplit(url).hostname or "")
        while True:
            try:
                return _attempt(session, url, part, options)
            except _TryAgainError as fault:
                size = part.stat().st_size if part.exists() else 0
                if size >= most + options.chunk_bytes:
                    tries, most = 0, size
                if tries == len(options.delays):
                    raise FrugalsegError(
                        f"{url}: no success in {tries + 1} tries; {size} bytes are there. "
                        f"The last said: {fault}. Check the network and run again; what is there "
                        "is kept if the server lets us go on from it."
                    ) from fault
                _wait(url, fault, options, options.delays[tries])
                tries += 1


def _wait(url: str, fault: _TryAgainError, options: HttpOptions, seconds: float) -> None:
    if options.jitter is not None:
        seconds *= options.jitter.uniform(0.5, 1.5)
    seconds = max(seconds, fault.seconds)
    _LOG.warning("%s: %s; trying again in %.1f s", url, fault, seconds)
    options.sleep(seconds)


def _attempt(session: requests.Session, url: str, part: Path, options: HttpOptions) -> None:
    origin = load(part, url)
    start = resume_point(part, origin)
    headers = {"Accept-Encoding": "identity"}
    if origin is not None and start:
        headers |= {"Range": f"bytes={start}-", "If-Range": origin.validator}
    timeout = (options.connect_seconds, options.read_seconds)
    try:
        with session.get(url, headers=headers, stream=True, timeout=timeout) as response:
            _check_status(response, part)
            if response.status_code == requests.codes.partial_content:
                total = _check_range(response, part, start, origin)
            else:
                start, total = 0, _length(response)
                save(part, Origin(url, _validator(response), total))
            _receive(response, part, start, total, options)
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
        raise _TryAgainError(
            f"server says {status}", min(int(after), 300) if after.isdigit() else 0
        )
    encoding = response.headers.get("Content-Encoding", "identity")
    if response.status_code not in (200, 206) or encoding != "identity":
        raise FrugalsegError(
            f"{response.url}: expected a file, the server says {status} ({encoding}). {_BY_HAND}"
        )


def _check_range(
    response: requests.Response, part: Path, start: int, origin: Origin | None
) -> int | None:
    """Return the size of the whole file; a range of another place or version is not for `part`."""
    stated = response.headers.get("Content-Range", "")
    match = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", stated)
    same = origin is not None and _validator(response) in ("", origin.validator)
    if match is None or int(match[1]) != start or not same:
        discard(part)
        raise _TryAgainError(f"asked for the bytes from {start}, the server sent {stated!r}")
    return None if match[2] == "*" else int(match[2])


def _receive(
    response: requests.Response, part: Path, start: int, total: int | None, options: HttpOptions
) -> None:
    progress = _Progress(part.name, total, options)
    done = start
    with part.open("r+b" if start else "wb") as sink:
        sink.seek(start)
        sink.truncate()
        progress(done)
        for chunk in response.iter_content(options.chunk_bytes):
            done += sink.write(chunk)
            progress(done)
    if total is not None and done != total:
        if done > total:
            discard(part)
        raise _TryAgainError(f"expected {total} bytes, received {done}")
    sidecar(part).unlink(missing_ok=True)


class _Progress:
    """Tells log and callback how far a download is, and stops one that grows too large."""

    def __init__(self, name: str, total: int | None, options: HttpOptions) -> None:
        self._name, self._total, self._options = name, total, options
        self._step = max((total or 0) // 10, 16 << 20)
        self._next = 0

    def __call__(self, done: int) -> None:
        if max(done, self._total or 0) > self._options.max_bytes:
            raise FrugalsegError(
                f"{self._name}: {max(done, self._total or 0)} bytes or more; allowed: "
                f"{self._options.max_bytes}. If that is right, download it by hand."
            )
        if self._options.progress is not None:
            self._options.progress(done, self._total)
        if done >= self._next or done == self._total:
            _LOG.info("%s: %d of %s bytes", self._name, done, self._total or "unknown")
            self._next = done + self._step


def _length(response: requests.Response) -> int | None:
    stated = response.headers.get("Content-Length", "")
    return int(stated) if stated.isdigit() else None


def _validator(response: requests.Response) -> str:
    etag = response.headers.get("ETag", "")
    if etag and not etag.startswith("W/"):
        return etag
    return response.headers.get("Last-Modified", "")

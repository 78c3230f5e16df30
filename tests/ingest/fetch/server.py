"""A web server on this machine whose every answer is written down beforehand."""

import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Headers = Mapping[str, str]
NONE: Headers = {}
Reply = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Gives the next reply of its server; the last one again and again."""

    server: "_Server"

    def do_GET(self) -> None:
        """Note the request and answer it."""
        self.close_connection = True
        self.server.requests.append(dict(self.headers))
        replies = self.server.replies
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        reply(self)

    def begin(self, status: int, headers: Headers) -> None:
        """Send the head of an answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    requests: list[Headers]
    replies: list[Reply]

    def handle_error(self, *_: object) -> None:
        """Say nothing of clients that hang up."""


@dataclass
class Web:
    """A running server: the address of its file, and the headers of what it was asked."""

    url: str
    requests: list[Headers]


@contextmanager
def serving(*replies: Reply) -> Iterator[Web]:
    """Run a server on a free port of the loopback interface."""
    server = _Server(("127.0.0.1", 0), Handler)
    server.requests, server.replies = [], list(replies)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Web(f"http://127.0.0.1:{server.server_port}/data.zip", server.requests)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def file(
    content: bytes, *, cut: int | None = None, ranges: bool = True, headers: Headers = NONE
) -> Reply:
    """Send `content` as RFC 9110 says, and hang up after `cut` bytes of the body."""

    def reply(handler: Handler) -> None:
        wanted = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
        known = handler.headers.get("If-Range") in (None, *headers.values())
        start = int(wanted[1]) if wanted and known and ranges else None
        body = content[start:]
        head = {"Content-Length": str(len(body)), **headers}
        if start is not None:
            head["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        handler.begin(200 if start is None else 206, head)
        handler.wfile.write(body[:cut])

    return reply


def answer(status: int, body: bytes = b"", headers: Headers = NONE) -> Reply:
    """Send just this, whatever was asked."""

    def reply(handler: Handler) -> None:
        handler.begin(status, headers)
        handler.wfile.write(body)

    return reply


def silence(seconds: float, *, head: bool = False) -> Reply:
    """Say nothing for some time, before or after the head of an answer."""

    def reply(handler: Handler) -> None:
        if head:
            handler.begin(200, {"Content-Length": "10", "ETag": '"1"'})
            handler.wfile.write(b"01234")
        threading.Event().wait(seconds)

    return reply


def hang_up(handler: Handler) -> None:
    """Close the connection without a word."""
    handler.connection.shutdown(socket.SHUT_RDWR)


def noise(handler: Handler) -> None:
    """Send what is no HTTP."""
    handler.wfile.write(b"\x00\x01\x02 no such protocol\r\n\r\n")

"""A link that works once, on this machine: by it the browser gets a session of the console, and nobody else does.

Cookies are of a host, whatever its port. So a small server beside the platform can set the console's cookie; the
session stands neither in an address nor in a history.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer
from time import monotonic
from urllib.parse import urlsplit

COOKIE = "__Host-slipway"
SECONDS = 43_200
"""As long as a session lasts at most; the platform ends it when it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link that works once. server: answers it."""

    address: str
    server: _Server

    def wait(self, seconds: float) -> bool:
        """Answer until the link was used; False if it was not within this time."""
        until = monotonic() + seconds
        while not self.server.is_used and (left := until - monotonic()) > 0:
            self.server.timeout = left
            self.server.handle_request()
        return self.server.is_used


@contextmanager
def one_time_link(token: str, page: str) -> Iterator[Link]:
    """Serve a link to a page on this machine, which hands over this token as the session of the console."""
    server = _Server(path=f"/{secrets.token_urlsafe(32)}", token=token, page=page)
    host = urlsplit(page).hostname or "127.0.0.1"
    try:
        yield Link(address=f"http://{host}:{server.server_address[1]}{server.path}", server=server)
    finally:
        server.server_close()


class _Server(TCPServer):
    def __init__(self, *, path: str, token: str, page: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.path, self.token, self.page, self.is_used = path, token, page, False


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 2

    def do_GET(self) -> None:
        is_right = secrets.compare_digest(self.path.encode(), self.server.path.encode())
        if not is_right or self.server.is_used:
            self.send_error(404)
            return
        self.server.is_used = True
        cookie = f"{COOKIE}={self.server.token}; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age={SECONDS}"
        self.send_response(303)
        for name, value in (("Location", self.server.page), ("Set-Cookie", cookie), ("Cache-Control", "no-store")):
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the server's signature
        """Write nothing of the link."""

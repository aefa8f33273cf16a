"""The platform in memory behind a real HTTP server on loopback, which can go away and come back."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.http_server import HttpServer
from tests.slipway.runner.platform import Platform

Request = socket.socket | tuple[bytes, socket.socket]
Caller = Any


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    platform: Platform

    def _serve(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        is_json = self.headers.get("Content-Type") == "application/json"
        body: object = json.loads(content) if content and is_json else content
        token = self.headers.get("Authorization") or self.headers.get("X-Escape-Token") or ""
        status, said = self.platform.answer(self.command, self.path, body, token)
        if self.platform.is_mute(self.path):
            self.close_connection = True
            return
        headers = said.pop("headers", {}) if isinstance(said, dict) else {}
        out = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(out)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(out)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - named by the standard library

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
        pass


class Server:
    """The platform behind a port, which can go away and come back."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self._port = 0
        self._http: _Http | None = None
        self.up()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._port}"

    def up(self) -> None:
        """It answers."""
        handler = type("Handler", (_Handler,), {"platform": self.platform})
        self._http = _Http(("127.0.0.1", self._port), handler)
        self._port = self._http.server_port
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def down(self) -> None:
        """It answers no more, and breaks off what it was saying."""
        if self._http is not None:
            self._http.shutdown()
            self._http.server_close()
            self._http.hang_up()
            self._http = None


class _Http(HttpServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], handler: type[_Handler]) -> None:
        super().__init__(address, handler)
        self._open: set[Request] = set()

    def process_request(self, request: Request, client_address: Caller) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Request) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Request, client_address: Caller) -> None:
        """A caller that hangs up is no news."""

    def hang_up(self) -> None:
        """Break off every connection."""
        for request in tuple(self._open):
            self.shutdown_request(request)


@contextmanager
def serving(platform: Platform) -> Iterator[Server]:
    """The platform behind a port while the block runs."""
    server = Server(platform)
    try:
        yield server
    finally:
        server.down()

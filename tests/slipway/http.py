"""A small HTTP server on loopback that answers as it is told and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.http_server import HttpServer


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request. target: path and query, as sent."""

    method: str
    target: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def body(self) -> object:
        """Its JSON."""
        return json.loads(self.content)


@dataclass(frozen=True, kw_only=True)
class Say:
    """An answer. cut: bytes after which the connection breaks off; hang_up: there is no answer at all."""

    status: int = 200
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    hang_up: bool = False


def say_json(value: object, status: int = 200, **headers: str) -> Say:
    """An answer in JSON."""
    return Say(status=status, content=json.dumps(value).encode(), headers=headers)


Answer = Callable[[Asked], Say]


@dataclass
class Web:
    """The server. answer: what it says to each request."""

    address: str
    answer: Answer
    asked: list[Asked] = field(default_factory=list)

    def say(self, *answers: Say) -> None:
        """Say these in turn, and the last for ever."""
        left = list(answers)
        self.answer = lambda _: left.pop(0) if len(left) > 1 else left[0]


@contextmanager
def web() -> Iterator[Web]:
    """A server while the block runs."""
    server = HttpServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    here = Web(address=f"http://127.0.0.1:{server.server_port}", answer=lambda _: Say(status=404))
    _Handler.places[server.server_port] = here
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    wbufsize = -1
    places: dict[int, Web] = {}

    def _serve(self) -> None:
        place = self.places[self.connection.getsockname()[1]]
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(method=self.command, target=self.path, headers=dict(self.headers), content=content)
        place.asked.append(asked)
        said = place.answer(asked)
        if said.hang_up:
            return
        self.send_response(said.status)
        for name, value in {"Content-Length": str(len(said.content)), **said.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said.content[: said.cut])
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - named by the standard library

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
        pass

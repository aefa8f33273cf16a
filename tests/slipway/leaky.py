"""A way to the store on which connections break off: what is PUT and fetched passes through, as far as one lets it."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from tests.http_server import HttpServer

CHUNK = 1 << 16
WHOLE = 1 << 62


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A request. part: of an upload; 0 for others. tried: how often it was asked before. first: byte asked for."""

    method: str
    part: int
    tried: int
    first: int


@dataclass(frozen=True, kw_only=True)
class Leak:
    """How far a request comes. sent, answered: bytes of its body, and of the answer's. status: said in its place."""

    sent: int = WHOLE
    answered: int = WHOLE
    status: int = 0


@dataclass(kw_only=True)
class Leaky:
    """The way. rule: how far each request comes. seen: all requests; done: those that came to their end."""

    address: str
    rule: Callable[[Passed], Leak] = lambda _: Leak()
    seen: list[Passed] = field(default_factory=list)
    done: list[Passed] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, method: str, target: str, reach: str) -> Passed:
        """The request, noted."""
        asked = parse_qs(urlsplit(target).query)
        part = int(asked.get("partNumber", ["0"])[0])
        with self.lock:
            tried = sum((one.method, one.part) == (method, part) for one in self.seen)
            first = int(reach.removeprefix("bytes=").removesuffix("-") or 0)
            self.seen.append(Passed(method=method, part=part, tried=tried, first=first))
            return self.seen[-1]

    def parts_done(self) -> list[int]:
        """The numbers of the parts that came to their end, in order of number."""
        return sorted(one.part for one in self.done if one.method == "PUT" and one.part)


@contextmanager
def leaking(store: str) -> Iterator[Leaky]:
    """While this lasts, one can come to the store by this way."""
    server = HttpServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads, server.block_on_close = True, False
    way = Leaky(address=f"http://127.0.0.1:{server.server_port}")
    vars(server).update(way=way, store=urlsplit(store).netloc)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield way
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"
    wbufsize = -1

    def _pass_on(self) -> None:
        way: Leaky = vars(self.server)["way"]
        passed = way.take(self.command, self.path, self.headers.get("Range", ""))
        leak = way.rule(passed)
        with suppress(OSError):
            self._serve(passed, leak)

    def _serve(self, passed: Passed, leak: Leak) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self._body(min(length, leak.sent))
        if leak.status:
            self.send_response(leak.status)
            self.end_headers()
            return
        if len(body) < length:
            return
        connection = http.client.HTTPConnection(vars(self.server)["store"], timeout=30)
        # The store checks the signature against the host that it was made for: the header stays as it is.
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() != "connection":
                connection.putheader(name, value)
        connection.endheaders(body or None)
        reply = connection.getresponse()
        self._answer(passed, leak, reply)
        connection.close()

    def _body(self, length: int) -> bytes:
        parts = []
        while length and (chunk := self.rfile.read(min(CHUNK, length))):
            parts.append(chunk)
            length -= len(chunk)
        return b"".join(parts)

    def _answer(self, passed: Passed, leak: Leak, reply: http.client.HTTPResponse) -> None:
        if leak.answered < 0:
            return
        self.send_response(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "date", "server"):
                self.send_header(name, value)
        self.end_headers()
        content = reply.read() if self.command != "HEAD" else b""
        self.wfile.write(content[: leak.answered])
        self.wfile.flush()
        if len(content) <= leak.answered:
            vars(self.server)["way"].done.append(passed)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass_on  # noqa: N815 - named by the standard library

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
        """Say nothing."""

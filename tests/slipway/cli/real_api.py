"""The whole table over fakes, served on loopback: what the CLI asks is answered as the platform would."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.dialects.matrix.world import GATEWAY, World, peopled
from tests.http.house import Answered, ask_app
from tests.http_server import HttpServer

NO_BODY = frozenset({204, 304})


@dataclass
class RealApi:
    """A world behind an address. asked: every method and target, in order."""

    world: World = field(default_factory=World)
    address: str = ""
    asked: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, line: tuple[str, str], content: bytes, headers: dict[str, str]) -> Answered:
        """What the app says, and then what its queues do."""
        method, target = line
        with self.lock:
            self.asked.append(f"{method} {target}")
            place = GATEWAY.place(method, target.partition("?")[0])
            answered = ask_app(self.world.app, method, target, content, headers=headers, place=place)
            self.world.house.work_off()
        return answered


@contextmanager
def serving_world() -> Iterator[RealApi]:
    """A world with people in it, served until the end."""
    api = RealApi(world=peopled())
    server = HttpServer(("127.0.0.1", 0), _handler(api))
    server.daemon_threads = True
    api.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(api: RealApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:
                self.close_connection = True

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Tests are not told of every request."""

        def _answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answered = api.answer((self.command, self.path), content, dict(self.headers.items()))
            self.send_response(answered.status)
            for name, value in answered.headers.items():
                self.send_header(name, value)
            if answered.status not in NO_BODY:
                self.send_header("Content-Length", str(len(answered.content)))
            self.end_headers()
            self.wfile.write(answered.content)

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - http.server's names

    return Handler

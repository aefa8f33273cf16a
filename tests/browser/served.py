"""The whole table over fakes behind a real socket, so that a browser can look at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from threading import Thread

from tests.dialects.matrix.world import GATEWAY, World, people
from tests.http.house import ask_app
from tests.http_server import HttpServer

BEGAN = datetime.now(UTC)


@dataclass
class Served:
    """A world behind a socket. stage: what stands before all paths, as a stage of API Gateway does."""

    world: World
    stage: str = ""
    _port: int = 0
    _server: HttpServer | None = None

    @property
    def address(self) -> str:
        """What stands before the paths of the console."""
        return f"http://127.0.0.1:{self._port}{self.stage}"

    def start(self) -> None:
        """It answers, after a stop at the same address."""
        self._server = HttpServer(("127.0.0.1", self._port), _handler(self))
        self._port = self._server.server_address[1]
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """It answers no more, on connections that are open neither."""
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    @property
    def is_up(self) -> bool:
        """Whether it answers."""
        return self._server is not None


def _handler(served: Served) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def _answer(self, method: str) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if not served.is_up or not self.path.startswith(f"{served.stage}/"):
                self.close_connection = True
                return
            world, target = served.world, self.path.removeprefix(served.stage)
            place = GATEWAY.place(method, target.partition("?")[0])
            with world.turn:
                answered = ask_app(world.app, method, target, content, headers=dict(self.headers), place=place)
            self.send_response(answered.status)
            several = [(name, value) for name, values in answered.several.items() for value in values]
            for name, value in (*answered.headers.items(), *several):
                self.send_header(name, value)
            if answered.status != 204:
                self.send_header("Content-Length", str(len(answered.content)))
            self.end_headers()
            self.wfile.write(answered.content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the server's signature
            """Write nothing of what is asked."""

    return Handler


@contextmanager
def serving(world: World, stage: str = "") -> Iterator[Served]:
    """A world, served until the end."""
    served = Served(world=world, stage=stage)
    served.start()
    try:
        yield served
    finally:
        served.stop()


def a_world_of_today() -> World:
    """A world with people in it whose clock says what browsers' clocks say."""
    world = World()
    people(world, at=BEGAN)
    world.house.world.move(datetime.now(UTC) - world.house.world.now())
    return world

"""The whole table over fakes behind a real socket, so that a browser can look at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from threading import Lock, Thread
from typing import Any

from tests.dialects.matrix.world import GATEWAY, World, invite
from tests.http.house import ask_app
from tests.http_server import HttpServer


@dataclass
class Look:
    """A window of a browser. errors: what its scripts failed at, and what the policy of a page forbade."""

    page: Any
    address: str
    axe: str
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message: Any) -> None:  # noqa: ANN401 - the driver is not installed everywhere
        # What could not be loaded is said by htmx and by the browser itself.
        if message.type == "error" and not message.text.startswith(("Failed to load resource", "htmx:")):
            self.errors.append(message.text)

    def go(self, path: str) -> Any:  # noqa: ANN401 - as above
        """Open a path of the console, and return the page."""
        self.page.goto(f"{self.address}{path}")
        return self.page

    def violations(self) -> list[str]:
        """What axe finds on the page that is open."""
        self.page.evaluate(self.axe)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = self.page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", tags)
        return [
            f"{one['id']}: {one['help']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]
        ]


@contextmanager
def served(world: World) -> Iterator[str]:
    """The address under which a world is served. One request at a time: fakes know of no threads."""
    turn = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def _answer(self, method: str) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            place = GATEWAY.place(method, self.path.partition("?")[0])
            with turn:
                answered = ask_app(world.app, method, self.path, content, headers=dict(self.headers), place=place)
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

    server = HttpServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def a_world_of_today() -> World:
    """A world with people in it whose clock says what browsers' clocks say."""
    world = World()
    world.house.world.move(datetime.now(UTC) - world.house.world.now())
    invite(world)
    return world

"""What 0.1 wrote, loaded once; each test gets a place of its own that holds it, and a server that hears its calls."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.gateways.outside import HttpOutside
from chalicelib.use_cases.ports.clock import Called
from tests.crash.near import Near
from tests.http_server import HttpServer
from tests.upgrade.kept import Kept, loaded
from tests.upgrade.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A request that came to the server. headers: names in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Listener:
    """A server of this machine that hears all that is posted to others."""

    port: int
    heard: list[Heard] = field(default_factory=list)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Called:
        """What it answers to a call of an address elsewhere."""
        here = f"http://127.0.0.1:{self.port}{urlsplit(url).path}"
        return HttpOutside(allows_private=True).post(here, headers, body)


@pytest.fixture(scope="package")
def listener() -> Iterator[Listener]:
    """Where hooks and webhooks arrive."""
    known = Listener(0)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            known.heard.append(Heard(path=self.path, headers=headers, body=body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HttpServer(("127.0.0.1", 0), Handler)
    known.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield known
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="package")
def kept(listener: Listener) -> Iterator[Kept]:
    """What 0.1 wrote, in the stand-in."""
    near = Near()
    before = near.state()
    yield loaded(near, listener.post)
    near.restore(before)


@pytest.fixture
def place(kept: Kept, listener: Listener) -> Place:
    """The platform of today on what 0.1 wrote."""
    listener.heard.clear()
    return kept.place(listener.post)


@pytest.fixture(scope="package")
def worked_off(kept: Kept, listener: Listener) -> Kept:
    """What 0.1 wrote, once its messages were heard."""
    return kept.worked_off(listener.post)


@pytest.fixture
def awake(worked_off: Kept, listener: Listener) -> Place:
    """The platform of today once it has heard the messages of 0.1."""
    listener.heard.clear()
    return worked_off.place(listener.post)


@pytest.fixture
def held(kept: Kept) -> Mapping[str, Any]:
    """What clients hold: runs by what they wait for, leases, keys of asks, secrets of hooks, contents of packages."""
    return kept.held

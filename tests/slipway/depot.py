"""The Inventory on the local cloud over real HTTP, with a leaky way to the store of packages."""

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler

from chalicelib.adapter_context import AdapterContext
from chalicelib.adapters import ports_on
from chalicelib.aws.calls import Aws
from chalicelib.aws.endpoint import endpoint_from
from chalicelib.use_cases.ports.bundle import Settings
from chalicelib.wiring import RANDOM_IDS, SYSTEM_CLOCK
from infra import resources
from infra.local.api.gateway import Call
from tests.bench.door import Door, door_to
from tests.conftest import CHANCE
from tests.http_server import HttpServer
from tests.slipway.leaky import Leaky, leaking


@dataclass(frozen=True, kw_only=True)
class Depot:
    """An inventory. api: its address. way: to its packages."""

    api: str
    door: Door
    way: Leaky


@contextmanager
def depot_at(cloud: str, prefix: str) -> Iterator[Depot]:
    """An empty inventory on the stand-in at an address."""
    with leaking(cloud) as way:
        found = endpoint_from({"AWS_ENDPOINT_URL": cloud, "AWS_ENDPOINT_URL_S3": way.address})
        with contextlib.closing(Aws(endpoint=found, clock=CHANCE)) as aws:
            resources.create_all(aws, prefix)
            door = door_to(
                ports_on(AdapterContext(aws=lambda: aws, prefix=prefix, clock=SYSTEM_CLOCK, ids=RANDOM_IDS), Settings())
            )
            with _serving(door) as api:
                yield Depot(api=api, door=door, way=way)


@contextmanager
def _serving(door: Door) -> Iterator[str]:
    server = HttpServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads, server.block_on_close = True, False
    vars(server).update(door=door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _ask(self) -> None:
        path, _, query = self.path.partition("?")
        headers = tuple((name.lower(), value) for name, value in self.headers.items())
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = Call(method=self.command, path=path, query=query, headers=headers, body=body, caller="127.0.0.1")
        answer = vars(self.server)["door"].gateway.answer(call)
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name.decode(), value.decode())
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_PUT = do_DELETE = _ask  # noqa: N815 - named by the standard library

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
        """Say nothing."""

"""A way to the API on which one can listen: what a runner is told passes through, and its leases are remembered."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.http_server import HttpServer


@dataclass(kw_only=True)
class Wiretap:
    """What went over the wire. api: the address that a runner is given instead of the platform's. asked: paths."""

    api: str
    leases: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@contextmanager
def listening(port: int) -> Iterator[Wiretap]:
    """While this lasts, one can listen to whoever takes this way to the API of the port."""
    server = HttpServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads, server.block_on_close = True, False
    tap = Wiretap(api=f"http://127.0.0.1:{server.server_port}")
    vars(server).update(tap=tap, api_port=port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield tap
    server.shutdown()
    server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        self._pass_on()

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        held = vars(self.server)
        held["tap"].asked.append(self.path)
        connection = http.client.HTTPConnection("127.0.0.1", held["api_port"], timeout=30)
        kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        connection.request(self.command, self.path, body or None, kept)
        reply = connection.getresponse()
        answer = reply.read()
        connection.close()
        if self.path.endswith("/lease") and reply.status == 200:
            held["tap"].leases += json.loads(answer)["leases"]
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.getheader("Content-Type") or "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        # Runners that are killed do not wait for what they asked.
        with suppress(ConnectionError):
            self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the server calls it
        """Say nothing."""

"""A small HTTP server on loopback that gives recorded answers, and a caller of the CLI that asks it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from click.testing import CliRunner, Result

from slipway.cli.main import cli
from tests.http_server import HttpServer

TOKEN = "slp_test"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    body: Any = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class RecordedApi:
    """Answers by method and path; of several for one path each is given once, the last one for ever."""

    address: str = ""
    answers: dict[tuple[str, str], list[Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def on(self, line: str, *answers: object) -> None:
        method, _, path = line.partition(" ")
        told = [one if isinstance(one, Answer) else Answer(body=one) for one in answers]
        self.answers[(method, path)] = told

    def refuse(self, line: str, status: int, message: str, *errors: tuple[str, str]) -> None:
        listed = [{"path": path, "message": text} for path, text in errors]
        self.on(line, Answer(body={"message": message, "errors": listed}, status=status))

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        told = self.answers.get((asked.method, asked.path))
        if not told:
            return Answer(body={"message": "no such path", "errors": []}, status=404)
        return told.pop(0) if len(told) > 1 else told[0]

    def last(self, method: str) -> Asked:
        return next(one for one in reversed(self.asked) if one.method == method)


@contextmanager
def serving() -> Iterator[RecordedApi]:
    api = RecordedApi()
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


@dataclass(frozen=True)
class Shell:
    """Calls the CLI as a shell does, with a home of its own. clock: by which it tells the time."""

    home: Path
    environment: Mapping[str, str]
    clock: Callable[[], datetime] | None = None

    def __call__(self, *words: str, stdin: str = "", **more: str | None) -> Result:
        environment: dict[str, str | None] = {**CLEAN, "HOME": str(self.home), **self.environment, **more}
        return CliRunner().invoke(cli, list(words), input=stdin, env=environment, prog_name="slipway", obj=self.clock)


CLEAN: dict[str, str | None] = {
    "SLIPWAY_API": None,
    "SLIPWAY_TOKEN": None,
    "SLIPWAY_HOME": "/nonexistent",
    "XDG_CONFIG_HOME": None,
    "NO_COLOR": None,
    "FORCE_COLOR": None,
    "TZ": "UTC",
}


def _handler(api: RecordedApi) -> type[BaseHTTPRequestHandler]:
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
            length = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(length)
            parts = urlsplit(self.path)
            told = api.answer(
                Asked(
                    method=self.command,
                    path=parts.path,
                    query=dict(parse_qsl(parts.query)),
                    body=_json(raw),
                    headers={name.lower(): value for name, value in self.headers.items()},
                )
            )
            body = told.body if isinstance(told.body, bytes) else json.dumps(told.body).encode()
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - http.server's names

    return Handler


def _json(raw: bytes) -> object:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return raw

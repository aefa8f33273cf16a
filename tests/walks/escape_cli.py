"""What the real `escape` CLI 0.28.1 sends on the wire for each of its commands, byte by byte where that matters.

Source: the recorded requests of reference/escape.md 5.2 to 5.4. Its rules for statuses are kept: whatever it does not
expect ends the command.
"""

import gzip
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from chalicelib.dialects.inventory.go_json.read_metadata import read_metadata
from chalicelib.kernel.releases.check import checked
from slipway_formats.release import Metadata

BOUNDARY = "5b1f0c6dd9a34e7c8f2a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f8"
OK, FOUND, NOT_FOUND = 200, 302, 404


class AbortError(Exception):
    """The CLI stops and shows this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass
class EscapeCli:
    """A configured CLI. said: method and target of all that it asked our API for, in order."""

    port: int
    token: str = ""
    said: list[str] = field(default_factory=list)

    def login(self, user: str, secret: str) -> None:
        """`escape login --url U -u user`: by the method `service-account`."""
        methods = json.loads(self._expect(self._ask("GET", "/api/v1/auth/login-methods", token=False)))
        method = methods["service-account"]
        assert method["type"] == "secret-token"
        heard = self._ask("POST", urlsplit(method["url"]).path, {"username": user, "secret_token": secret}, token=False)
        self._expect(heard)
        self.token = heard.headers["x-escape-token"]

    def next_version(self, project: str, name: str, prefix: str) -> str:
        """As `plan preview` asks for it."""
        return self._expect(self._ask("GET", f"{_unit(project, name)}/next-version?prefix={prefix}")).decode()

    def metadata(self, project: str, name: str, query: str) -> Metadata:
        """A release, validated as core does. Faults: AbortError, LookupError when it is not there."""
        heard = self._ask("GET", f"{_unit(project, name)}/versions/{query}/")
        if heard.status == NOT_FOUND:
            raise LookupError(query)
        return checked(read_metadata(self._expect(heard)))

    def register(self, project: str, metadata: Mapping[str, Any]) -> None:
        """Of `run release`."""
        self._expect(self._ask("POST", f"/api/v1/inventory/{project}/register", metadata))

    def upload(self, project: str, name: str, version: str, package: bytes) -> None:
        """Of `run release`: the whole package in one form."""
        path = f"/home/ada/{name}/.escape/target/{name}-v{version}.tgz"
        head = (
            f"--{BOUNDARY}\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{path}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        content = head.encode() + package + f"\r\n--{BOUNDARY}--\r\n".encode()
        media = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        self._expect(self._ask("POST", f"{_unit(project, name)}/versions/v{version}/upload", content, media))

    def download(self, project: str, name: str, version: str) -> bytes:
        """A package: its redirect is followed, and our token goes along."""
        heard = self._ask("GET", f"{_unit(project, name)}/versions/v{version}/download")
        assert heard.status == FOUND, heard
        there = urlsplit(heard.headers["location"])
        assert there.port is not None
        target = f"{there.path}?{there.query}"
        return self._expect(_sent(there.port, "GET", target, None, self._headers(self.token)))

    def tag(self, project: str, name: str, version: str, tag: str) -> None:
        """`escape tag project/name-vX tag`."""
        body = {"release_id": f"{project}/{name}-v{version}", "tag": tag}
        self._expect(self._ask("POST", f"{_unit(project, name)}/tags/", body))

    def query(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """`escape inventory query`, as deep as its flags go."""
        return json.loads(self._expect(self._ask("GET", f"/api/v1/inventory/{path}")))

    def load_state(self, project: str, environment: str) -> Any:  # noqa: ANN401 - JSON
        """The first of the calls of remote state."""
        return json.loads(self._expect(self._ask("GET", f"{_environment(project, environment)}/?full=true")))

    def save_state(self, project: str, environment: str, root: str, body: Mapping[str, Any]) -> None:
        """The call of remote state for each change."""
        target = f"{_environment(project, environment)}/deployments/?deployment={quote(root, safe='')}"
        self._expect(self._ask("PUT", target, body))

    def _ask(
        self,
        method: str,
        target: str,
        body: object = None,
        more: Mapping[str, str] | None = None,
        *,
        token: bool = True,
    ) -> Heard:
        self.said.append(f"{method} {target}")
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        typed = {"Content-Type": "application/json"} if body is not None else {}
        own = self._headers(self.token) if token else {"User-Agent": "Go-http-client/1.1", "Accept-Encoding": "gzip"}
        return _sent(self.port, method, target, content, {**own, **typed, **(more or {})})

    def _headers(self, token: str) -> dict[str, str]:
        return {"User-Agent": "Go-http-client/1.1", "X-Escape-Token": token, "Accept-Encoding": "gzip"}

    def _expect(self, heard: Heard) -> bytes:
        """The body of what is exactly 200; all else ends the command."""
        if heard.status != OK:
            raise AbortError(f"responded with status code {heard.status}: {heard.content[:200]!r}")
        return heard.content


def _sent(port: int, method: str, target: str, content: bytes | None, headers: Mapping[str, str]) -> Heard:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        if content is not None:
            connection.putheader("Content-Length", str(len(content)))
        connection.endheaders(content)
        reply = connection.getresponse()
        told = {name.lower(): value for name, value in reply.getheaders()}
        body = reply.read()
    finally:
        connection.close()
    return Heard(
        status=reply.status,
        headers=told,
        content=gzip.decompress(body) if told.get("content-encoding") == "gzip" else body,
    )


def _unit(project: str, name: str) -> str:
    return f"/api/v1/inventory/{project}/units/{name}"


def _environment(project: str, environment: str) -> str:
    return f"/api/v1/state/{project}/environments/{environment}"

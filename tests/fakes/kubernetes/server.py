"""A fake API server over real HTTP: create, apply, patch, delete, pages of lists, watches, logs, faults on demand."""

import copy
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.kubernetes.store import CLUSTER_WIDE, Json, Place, Refused, Store, encoded, merged, selected
from tests.http_server import HttpServer

_PATH = re.compile(
    r"/(?:api/(?P<core>v1)|apis/(?P<api>[a-z0-9.]+/v1))(?:/namespaces/(?P<namespace>[^/]+)(?=/))?"
    r"/(?P<plural>[a-z]+)(?:/(?P<name>[^/]+))?(?:/(?P<part>log))?"
)
_SHORTEST_PAGE = 2
_TICK = 0.05
LogLines = Callable[[str, str, bool, bool], Iterator[str]]
"""Returns a pod's log: namespace, name, of the start before, followed."""


@dataclass
class Fault:
    """What goes wrong with calls. path: found in it. times: how often. status: answered instead, with retry_after.

    delay: seconds between the act and the answer. is_cut: the connection breaks off before the act; with is_done after
    it, of a stream after its first line.
    """

    method: str
    path: str
    times: int = 1
    status: int = 0
    reason: str = "Failure"
    message: str = "out of order"
    retry_after: int = 0
    delay: float = 0.0
    is_cut: bool = False
    is_done: bool = False


@dataclass
class Calls:
    """The calls so far, and what goes wrong with the next."""

    faults: list[Fault] = field(default_factory=list)
    made: list[tuple[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def taken(self, method: str, path: str) -> Fault | None:
        with self.lock:
            self.made.append((method, path))
            for fault in self.faults:
                if fault.times > 0 and fault.method == method and fault.path in path:
                    fault.times -= 1
                    return fault
        return None

    def count(self, method: str, path: str) -> int:
        """How many calls of a method had a path in them."""
        with self.lock:
            return sum(1 for one, at in self.made if one == method and path in at)


class Cut(Exception):  # noqa: N818 - what happens
    """The connection breaks off."""


class ApiServer(HttpServer):
    """The server behind a port of this machine, by TLS."""

    request_queue_size = 64
    context: ssl.SSLContext

    def get_request(self) -> tuple[socket.socket, Any]:
        """A connection; the handshake waits for the thread that it gets."""
        connection, address = super().get_request()
        return self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up is nothing to report."""


class Handler(BaseHTTPRequestHandler):
    """Answers one call."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    store: Store
    calls: Calls
    log_lines: LogLines
    closed: threading.Event
    judge: Callable[[Json], None]
    token: str

    def _serve(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.calls.taken(self.command, self.path)
        if self.headers.get("Authorization") != f"Bearer {self.token}":
            self._send(401, Refused(401, "Unauthorized", "who are you?").status)
            return
        try:
            if fault is not None and fault.status:
                more = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
                self._send(fault.status, Refused(fault.status, fault.reason, fault.message).status, more)
            else:
                self._answer(json.loads(content) if content else {}, fault)
        except Refused as refused:
            self._send(refused.code, refused.status)
        except (Cut, BrokenPipeError, ConnectionError):
            self.close_connection = True
            # Without the end of its chunks, whoever reads knows that it is cut.
            self.connection.close()

    do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 - named by the standard library

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
        pass

    def _answer(self, body: Json, fault: Fault | None) -> None:
        split = urlsplit(self.path)
        found = _PATH.fullmatch(split.path)
        if found is None:
            raise Refused(404, "NotFound", f"no path {split.path}")
        query = {key: values[-1] for key, values in parse_qs(split.query).items()}
        if fault is not None and fault.is_cut and not fault.is_done:
            raise Cut
        namespace = "" if found["plural"] in CLUSTER_WIDE else found["namespace"] or ""
        place = Place(plural=found["plural"], namespace=namespace, name=found["name"] or "")
        if found["part"]:
            self._stream(self._log(place, query), fault)
        elif query.get("watch") == "true":
            self._stream(self._watch(place, query), fault)
        else:
            said = self._done(place, body, query)
            if fault is not None and fault.is_cut:
                raise Cut
            time.sleep(fault.delay if fault is not None else 0)
            self._send(201 if self.command == "POST" else 200, said)

    def _done(self, place: Place, body: Json, query: dict[str, str]) -> Json:
        match self.command:
            case "GET" if place.name:
                return self.store.get(place)
            case "GET":
                return self._page(place, query)
            case "POST":
                self.judge(body)
                return self.store.create(place.plural, place.namespace, body)
            case "PATCH" if self.headers.get("Content-Type") == "application/apply-patch+yaml":
                self.judge(body)
                return self._applied(place, body)
            case "PATCH":
                return self.store.update(place, lambda one: one.update(merged(one, body)))
            case _:
                uid = (body.get("preconditions") or {}).get("uid", "")
                foreground = body.get("propagationPolicy") == "Foreground"
                return self.store.delete(place, uid=uid, foreground=foreground)

    def _applied(self, place: Place, body: Json) -> Json:
        """A server-side apply by the one manager there is: what it does not say is gone, what others say stays."""
        if self.store.find(place) is None:
            if body["metadata"].get("resourceVersion"):
                raise Refused(409, "Conflict", f"{place.plural} {place.name} is not there")
            return self.store.create(place.plural, place.namespace, body)

        def change(one: Json) -> None:
            said = copy.deepcopy(body)
            metadata = said.pop("metadata")
            if "stringData" in said:
                said["data"] = encoded(said.pop("stringData"))
            one.update(said)
            for key in ("labels", "annotations"):
                one["metadata"][key] = {**one["metadata"].get(key, {}), **metadata.get(key, {})}
            if "ownerReferences" in metadata:
                one["metadata"]["ownerReferences"] = metadata["ownerReferences"]

        return self.store.update(place, change, version=body["metadata"].get("resourceVersion", ""))

    def _page(self, place: Place, query: dict[str, str]) -> Json:
        """A page of a list. Its size is at most two, so that whoever lists goes on."""
        with self.store.lock:
            start, version = 0, self.store.version
            if token := query.get("continue"):
                start, version = map(int, token.split("."))
                if version < self.store.forgotten:
                    raise Refused(410, "Expired", "the provided continue parameter is too old")
            chosen = selected(
                self.store.of(place.plural, place.namespace),
                query.get("labelSelector", ""), query.get("fieldSelector", ""),
            )  # fmt: skip
            found = list(chosen)
            end = start + min(int(query.get("limit", _SHORTEST_PAGE)), _SHORTEST_PAGE)
            more = {"continue": f"{end}.{version}"} if end < len(found) else {}
            items = [{key: one[key] for key in one if key not in {"kind", "apiVersion"}} for one in found[start:end]]
            return {"kind": "List", "metadata": {"resourceVersion": str(version), **more}, "items": items}

    def _watch(self, place: Place, query: dict[str, str]) -> Iterator[Json]:
        version, until = int(query["resourceVersion"]), time.monotonic() + float(query.get("timeoutSeconds", 60))
        labels, fields = query.get("labelSelector", ""), query.get("fieldSelector", "")
        shown: set[str] = set()
        while time.monotonic() < until and not self.closed.is_set():
            with self.store.lock:
                try:
                    changes = self.store.since(version)
                except Refused as refused:
                    yield {"type": "ERROR", "object": refused.status}
                    return
                if not changes:
                    self.store.lock.wait(_TICK)
            for change in changes:
                version = change.version
                inside = change.place.plural == place.plural and place.namespace in {"", change.place.namespace}
                if not inside or not any(selected([change.found], labels, fields)):
                    continue
                uid = change.found["metadata"]["uid"]
                kind = "ADDED" if change.kind == "MODIFIED" and uid not in shown else change.kind
                shown.add(uid)
                yield {"type": kind, "object": change.found}
        yield {"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": str(version)}}}

    def _log(self, place: Place, query: dict[str, str]) -> Iterator[str]:
        lines = self.log_lines(place.namespace, place.name, query.get("previous") == "true", "follow" in query)
        since = query.get("sinceTime", "")
        for line in lines:
            if self.closed.is_set():
                return
            if line and line[:19] >= since[:19]:
                yield line

    def _stream(self, lines: Iterator[Json] | Iterator[str], fault: Fault | None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.flush()
        for line in lines:
            self._chunk(line)
            if fault is not None and fault.is_cut:
                raise Cut
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _chunk(self, line: Json | str) -> None:
        data = f"{line if isinstance(line, str) else json.dumps(line)}\n".encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _send(self, status: int, said: Json, more: dict[str, str] | None = None) -> None:
        out = json.dumps(said).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(out)),
            **(more or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(out)
        self.wfile.flush()

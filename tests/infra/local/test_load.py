"""What one caller may not take from the others: threads, memory, connections."""

import asyncio
import contextlib
import http.client
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import partial
from threading import Event, Thread
from typing import Any

import pytest
import uvicorn

from chalicelib.gateways.live import ProcessLive
from chalicelib.kernel.access import password
from chalicelib.kernel.access.hashing_slots import HashingSlots
from chalicelib.kernel.waiting import SECONDS_LEFT, Suspended
from infra.local.api import bodies, protocol
from infra.local.api.asgi import LocalPort
from infra.local.api.gateway import Answer, Call
from infra.local.api.protocol import PatientProtocol
from infra.local.api.sockets import Live, Sockets
from infra.local.api.threads import OF_A_CALLER, Threads
from tests.cloud import free_port
from tests.infra.local.conftest import eventually

FEW = 4
"""Threads of the server: every crowd here is larger."""

LARGEST = 200_000
KEPT_ALIVE = 5.0
"""uvicorn's own seconds for a caller that has its answer and begins no whole request."""


@dataclass
class App:
    """Answers by path. served: how often something was begun."""

    live: ProcessLive = field(default_factory=ProcessLive)
    slots: HashingSlots = field(default_factory=HashingSlots)
    hold: Event = field(default_factory=Event)
    served: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)

    def answer(self, call: Call) -> Answer:
        self.served.append(call.path)
        return Answer(status=200, headers=[], body=self._said(call).encode())

    def _said(self, call: Call) -> str:
        match call.path:
            case "/lease":
                mark = self.live.mark("pool")
                came = bool(self.given) or self.live.await_change("pool", mark, 20)
                return self.given.pop() if self.given else f"nothing {came}"
            case "/login":
                with self.slots.one():
                    time.sleep(0.02)
                return "in"
            case "/blocked":
                self.hold.wait(20)
        return str(len(call.body))

    def largest(self, method: str, path: str, _: object) -> int:
        assert method
        return LARGEST if path == "/known" else 0


@dataclass(frozen=True)
class Served:
    """An app behind a real port."""

    app: App
    port: int

    def ask(self, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("POST", path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def took(self) -> float:
        begun = time.monotonic()
        assert self.ask("/health")[0] == 200
        return time.monotonic() - begun


class Impatient(PatientProtocol):
    """Half a second for headers."""

    patience = 0.5


@contextlib.contextmanager
def serving(speaking: type[PatientProtocol], patience: float) -> Iterator[Served]:
    app, number = App(), free_port()
    with ThreadPoolExecutor(FEW) as executor:
        port = LocalPort(
            gateway=app,
            sockets=Sockets(handlers={}, live=Live(), threads=executor),
            threads=Threads(executor),
            largest_body=app.largest,
            patience=patience,
        )
        config = uvicorn.Config(
            port, host="127.0.0.1", port=number, http=speaking, ws="none", lifespan="off", log_config=None,
            timeout_keep_alive=min(KEPT_ALIVE, patience),  # type: ignore[arg-type]  # any number does
        )  # fmt: skip
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, daemon=True)
        thread.start()
        eventually(lambda: server.started)
        yield Served(app, number)
        app.hold.set()
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def served() -> Iterator[Served]:
    with serving(PatientProtocol, bodies.PATIENCE) as made:
        yield made


@pytest.fixture
def impatient() -> Iterator[Served]:
    with serving(Impatient, 0.5) as made:
        yield made


def test_who_waits_for_a_job_costs_no_thread_and_gets_it_at_once(served: Served) -> None:
    with ThreadPoolExecutor(40) as crowd:
        waiting = [crowd.submit(served.ask, "/lease", X_Escape_Token=str(one % 3)) for one in range(40)]
        eventually(lambda: served.app.served.count("/lease") >= 40)
        assert served.took() < 2

        served.app.given.extend(["job"] * 40)
        served.app.live.push("pool", {})

        assert {one.result(20) for one in waiting} == {(200, b"job")}


def test_who_waits_and_leaves_takes_no_job(served: Served) -> None:
    rude = socket.create_connection(("127.0.0.1", served.port))
    rude.sendall(b"POST /lease HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
    eventually(lambda: "/lease" in served.app.served)
    rude.close()
    time.sleep(0.2)

    served.app.given.append("job")
    served.app.live.push("pool", {})
    time.sleep(0.2)

    assert served.app.given == ["job"]


def test_under_a_key_of_the_caller_s_nobody_waits(served: Served) -> None:
    begun = time.monotonic()

    assert served.ask("/lease", Idempotency_Key="k") == (200, b"nothing False")
    assert time.monotonic() - begun < 2


def test_a_crowd_that_logs_in_leaves_threads_to_others_and_comes_in_turn(served: Served) -> None:
    with ThreadPoolExecutor(40) as crowd:
        asked = [crowd.submit(served.ask, "/login") for _ in range(40)]
        assert served.took() < 2

        assert {one.result(20) for one in asked} == {(200, b"in")}


def test_a_slot_that_somebody_was_told_of_who_is_gone_is_told_to_the_next() -> None:
    slots, told = HashingSlots(1), list[str]()
    with slots.one():
        asked = copy_context()
        asked.run(SECONDS_LEFT.set, float("inf"))
        waiting = [asked.run(_suspended, slots) for _ in range(2)]
        cancels = [one.listen(partial(told.append, name)) for one, name in zip(waiting, "ab", strict=True)]
        assert told == []
    assert told == ["a"]

    cancels[0]()

    assert told == ["a", "b"]


def _suspended(slots: HashingSlots) -> Suspended:
    with pytest.raises(Suspended) as raised, slots.one():
        pass
    return raised.value


def test_a_caller_has_a_share_of_the_threads() -> None:
    """A caller whose calls all block leaves threads to others."""
    app = App()

    async def crowd() -> float:
        with ThreadPoolExecutor(2 * OF_A_CALLER) as executor:
            threads = Threads(executor)
            blocked = [asyncio.ensure_future(threads.answer(_call("/blocked", "a"), app.answer)) for _ in range(100)]
            await asyncio.sleep(0.1)
            begun = time.monotonic()
            await threads.answer(_call("/health", "b"), app.answer)
            took = time.monotonic() - begun
            assert app.served.count("/blocked") == OF_A_CALLER
            app.hold.set()
            await asyncio.gather(*blocked)
            return took

    assert asyncio.run(crowd()) < 2


def _call(path: str, token: str) -> Call:
    headers = (("x-escape-token", token),)
    return Call(method="GET", path=path, query="", headers=headers, body=b"", caller="127.0.0.1")


@pytest.mark.parametrize(("path", "status"), [("/known", 413), ("/unknown", 200)])
@pytest.mark.parametrize("is_chunked", [True, False])
def test_a_body_beyond_its_limit_is_refused_and_not_read(
    served: Served, path: str, status: int, is_chunked: bool
) -> None:
    sent = 0
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as wire:
        told = "Transfer-Encoding: chunked" if is_chunked else "Content-Length: 100000000"
        wire.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\n{told}\r\n\r\n".encode())
        part = b"x" * 10_000
        try:
            while sent < 100_000_000:
                wire.sendall(b"2710\r\n" + part + b"\r\n" if is_chunked else part)
                sent += len(part)
        except OSError:
            pass
        answer = _heard(wire)

    assert sent < 30_000_000
    assert answer == b"" or answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert served.app.served == ([] if status == 413 else [path])


def _heard(wire: socket.socket) -> bytes:
    try:
        return wire.recv(1000)
    except OSError:
        return b""


def test_a_body_within_its_limit_is_read_whole(served: Served) -> None:
    assert served.ask("/known", b"x" * LARGEST) == (200, str(LARGEST).encode())
    assert served.ask("/known", b"x" * (LARGEST + 1))[0] == 413
    assert served.ask("/unknown", b"x" * bodies.FREE) == (200, str(bodies.FREE).encode())


@pytest.mark.parametrize(
    "beginning",
    [
        b"POST /known HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na",
        b"POST /known HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n",
        b"POST /known HTTP/1.1\r\nHo",
        b"",
        b"POST /known HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\nPOST /known HT",
    ],
)
def test_who_sends_no_more_is_shown_out(impatient: Served, beginning: bytes) -> None:
    with socket.create_connection(("127.0.0.1", impatient.port), timeout=20) as wire:
        wire.sendall(beginning)
        begun = time.monotonic()
        while _heard(wire):
            pass

    assert time.monotonic() - begun < 10


def test_a_body_that_drips_is_too_slow_however_steadily() -> None:
    async def drip() -> dict[str, Any]:
        await asyncio.sleep(0.05)
        return {"type": "http.request", "body": b"x", "more_body": True}

    async def largest() -> int:
        return LARGEST

    async def read() -> None:
        with pytest.raises(bodies.TooSlow):
            await bodies.BodyReader(receive=drip, declared=0, largest=largest, patience=0.3).read()

    asyncio.run(asyncio.wait_for(read(), 10))


def test_patience_with_bodies_and_headers_ends_within_a_minute_and_a_half() -> None:
    assert bodies.PATIENCE < 90
    assert protocol.PATIENCE < 90


def test_passwords_are_hashed_few_at_once() -> None:
    with ThreadPoolExecutor(1) as other:
        with password.SLOTS.one(), password.SLOTS.one():
            hashing = other.submit(password.hash_password, "correct horse", "salt")
            time.sleep(0.2)
            assert not hashing.done()
        assert hashing.result(20)

"""How a call is tried, and what a test may do to it on its way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from socket import MSG_PEEK
from threading import Event, Thread
from typing import Any

import pytest

from chalicelib.aws.calls import ATTEMPTS, CANCELLED, Answer, Aws, AwsRequest, Clock, Interceptor, Refused, Send
from chalicelib.aws.endpoint import endpoint_from
from chalicelib.aws.http_pool import HttpPool, Unreached
from chalicelib.kernel.faults import Throttled, Unavailable
from tests.http_server import HttpServer

NOWHERE = "http://127.0.0.1:9"


def an_aws(interceptor: Interceptor, pauses: list[float] | None = None) -> Aws:
    slept = [] if pauses is None else pauses
    clock = Clock(now=lambda: datetime.now(UTC), sleep=slept.append, dice=lambda: 1.0)
    return Aws(endpoint=endpoint_from({"AWS_ENDPOINT_URL": NOWHERE}), clock=clock, interceptor=interceptor)


def failing(errors: list[Exception]) -> tuple[Interceptor, list[AwsRequest]]:
    """Raises these one after the other, then answers."""
    asked: list[AwsRequest] = []

    def interceptor(ask: AwsRequest, _send: Send) -> Answer:
        asked.append(ask)
        if errors:
            raise errors.pop(0)
        return {"ok": True}

    return interceptor, asked


def cancelled(*codes: str) -> Refused:
    return Refused(CANCELLED, "cancelled", {"CancellationReasons": [{"Code": code} for code in codes]})


@pytest.mark.parametrize(
    "error",
    [
        Refused("ProvisionedThroughputExceededException", "slow down", {}),
        Refused("ThrottlingException", "slow down", {}),
        Refused("TransactionConflictException", "busy", {}),
        cancelled("None", "TransactionConflict"),
        cancelled("ThrottlingError", "None"),
        Refused("InternalServerError", "oops", {}),
        Unreached("nobody"),
    ],
)
def test_what_may_pass_is_tried_again_after_a_growing_pause(error: Exception) -> None:
    pauses: list[float] = []
    interceptor, asked = failing([error, error])
    assert an_aws(interceptor, pauses).call("dynamodb", "PutItem", {"a": 1}) == {"ok": True}
    assert [ask.arguments for ask in asked] == [{"a": 1}] * 3
    assert pauses == sorted(pauses)
    assert len(pauses) == 2


@pytest.mark.parametrize(
    "error",
    [
        Refused("ConditionalCheckFailedException", "no", {}),
        Refused("ValidationException", "no", {}),
        cancelled("ConditionalCheckFailed", "TransactionConflict"),
        cancelled("None", "ConditionalCheckFailed"),
    ],
)
def test_what_will_not_pass_is_told_at_once(error: Refused) -> None:
    interceptor, asked = failing([error])
    with pytest.raises(Refused) as told:
        an_aws(interceptor).call("dynamodb", "PutItem", {})
    assert told.value is error
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (Refused("ThrottlingException", "slow down", {}), Throttled),
        (cancelled("TransactionConflict"), Throttled),
        (Refused("ServiceUnavailable", "down", {}), Unavailable),
        (Unreached("nobody"), Unavailable),
    ],
)
def test_what_does_not_pass_in_time_is_a_fault(error: Exception, fault: type[Exception]) -> None:
    interceptor, asked = failing([error] * 50)
    with pytest.raises(fault, match="dynamodb"):
        an_aws(interceptor).call("dynamodb", "PutItem", {})
    assert len(asked) == ATTEMPTS


def test_nobody_at_the_address_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="sqs does not answer"):
        an_aws(lambda ask, send: send(ask)).call("sqs", "SendMessage", {})


@contextmanager
def serving(answer: Callable[[bytes], tuple[int, bytes]], *, hangs_up: bool = False) -> Iterator[tuple[str, list[Any]]]:
    """A server on loopback, and the client addresses it saw. hangs_up: after each answer, without saying so."""
    clients: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            clients.append(self.client_address)
            status, body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = hangs_up

        def log_message(self, *_: object) -> None:
            pass

    server = HttpServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", clients
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_connection_is_kept_for_the_next_call() -> None:
    with serving(lambda body: (200, body)) as (address, clients):
        wire = HttpPool(address)
        assert [wire.post({}, text).body for text in (b"1", b"2", b"3")] == [b"1", b"2", b"3"]
        wire.close()
    assert len(set(clients)) == 1


def test_a_connection_that_was_dropped_while_idle_is_not_used() -> None:
    with serving(lambda body: (200, body), hangs_up=True) as (address, clients):
        wire = HttpPool(address)
        assert wire.post({}, b"1").body == b"1"
        # The other side closes after its answer: let that arrive.
        (idle,) = wire._idle
        assert idle.sock is not None
        assert idle.sock.recv(1, MSG_PEEK) == b""
        assert wire.post({}, b"2").body == b"2"
        wire.close()
    assert len(set(clients)) == 2


def test_an_answer_that_takes_too_long_is_none() -> None:
    waiting = Event()
    with serving(lambda body: (200, body) if waiting.wait(5) else (500, b"")) as (address, _):
        wire = HttpPool(address)
        with pytest.raises(Unreached, match="Timeout"):
            wire.post({}, b"x", read_seconds=0.05)
        waiting.set()
        wire.close()


def test_what_is_not_json_is_an_outage_and_not_a_crash() -> None:
    with serving(lambda _: (502, b"<html>bad gateway")) as (address, clients):
        clock = Clock(now=lambda: datetime.now(UTC), sleep=lambda _: None, dice=lambda: 0.0)
        aws = Aws(endpoint=endpoint_from({"AWS_ENDPOINT_URL": address}), clock=clock)
        with pytest.raises(Unavailable):
            aws.call("dynamodb", "GetItem", {})
        aws.close()
    assert len(clients) == ATTEMPTS

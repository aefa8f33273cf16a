"""News within a process, and sending to connections: of this process, and by API Gateway."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from itertools import repeat
from threading import Thread, Timer
from typing import ClassVar

import pytest

from chalicelib.aws.calls import Answer, Aws, AwsRequest, Clock, Refused, Send
from chalicelib.aws.endpoint import endpoint_from
from chalicelib.gateways.live import GatewayLive, ProcessLive
from chalicelib.kernel.faults import Throttled
from chalicelib.use_cases.ports.live import Viewer
from tests.builders import NOON
from tests.fakes.viewers import FakeViewers
from tests.http_server import HttpServer


def test_news_wake_whoever_awaits_their_topic() -> None:
    live = ProcessLive()
    Timer(0.02, live.push, ("pool/default", {})).start()
    assert live.await_change("pool/default", 0, 5)


def test_news_between_looking_and_waiting_is_not_missed() -> None:
    live = ProcessLive()
    mark = live.mark("pool/default")
    live.push("pool/default", {})
    assert live.await_change("pool/default", mark, 5)


def test_news_of_another_topic_wake_nobody() -> None:
    live = ProcessLive()
    Timer(0.01, live.push, ("pool/other", {})).start()
    assert not live.await_change("pool/default", 0, 0.05)


@dataclass
class OpenSockets:
    """Connections of a process."""

    connections: dict[str, list[str]] = field(default_factory=dict)

    def send_text(self, connection_id: str, message: str) -> bool:
        """Whether it stands."""
        if connection_id not in self.connections:
            return False
        self.connections[connection_id].append(message)
        return True

    def end(self, connection_id: str) -> None:
        """It stands no more."""
        self.connections.pop(connection_id, None)


def test_a_connection_of_this_process_hears_until_it_is_closed() -> None:
    sockets = OpenSockets({"one": []})
    live = ProcessLive(sockets=sockets)

    assert live.has_viewers()
    assert live.send("one", "hello")
    assert sockets.connections["one"] == ["hello"]
    live.close("one")
    live.close("one")
    assert not live.send("one", "again")
    assert not live.has_viewers()


def test_a_process_without_sockets_has_no_viewers() -> None:
    live = ProcessLive()
    live.close("one")
    assert (live.has_viewers(), live.send("one", "hello")) == (False, False)


def a_gateway(
    answers: Iterator[Answer | Exception], asked: list[AwsRequest], viewers: FakeViewers | None = None
) -> GatewayLive:
    def interceptor(ask: AwsRequest, _: Send) -> Answer:
        asked.append(ask)
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    clock = Clock(now=lambda: datetime.now(UTC), sleep=lambda _: None, dice=lambda: 0.0)
    return GatewayLive(Aws(endpoint=endpoint_from({}), clock=clock, interceptor=interceptor), viewers or FakeViewers())


def test_where_nobody_can_wait_there_is_no_news() -> None:
    live = a_gateway(iter(()), [])
    live.push("run/1", {})
    assert not live.await_change("run/1", live.mark("run/1"), 5)
    assert live.has_viewers()


def waiting(*connections: str) -> FakeViewers:
    """Runners of the pool default that wait for jobs."""
    viewers = FakeViewers()
    for one in connections:
        viewers.add(Viewer(connection=one, run="pool/default", after=0, since=NOON))
    return viewers


def test_two_runners_hear_of_a_job_however_many_wait() -> None:
    asked: list[AwsRequest] = []
    live = a_gateway(repeat({}), asked, waiting(*(f"runner-{number}" for number in range(20))))

    for job in range(10):
        asked.clear()
        live.push("pool/default", {"job": f"r1.1.s{job}.1"})
        assert [ask.operation for ask in asked] == ["PostToConnection"] * 2
        assert len({ask.arguments["ConnectionId"] for ask in asked}) == 2
    live.push("pool/other", {"job": "r1.1.s1.1"})
    live.push("run/1", {})
    assert len(asked) == 2


def test_who_is_gone_is_forgotten_and_the_next_one_hears() -> None:
    asked: list[AwsRequest] = []
    viewers = waiting("gone", "there", "also-there")
    gone = Refused("GoneException", "it is closed", {}, 410)

    def answers() -> Iterator[Answer | Exception]:
        while True:
            yield gone if asked[-1].arguments["ConnectionId"] == "gone" else {}

    live = a_gateway(answers(), asked, viewers)
    for number in range(8):
        live.push("pool/default", {"job": f"r1.1.s{number}.1"})
    assert set(viewers.kept) == {"there", "also-there"}


def test_a_job_that_nobody_can_be_told_of_waits_all_the_same() -> None:
    live = a_gateway(iter((Throttled("slow down"),)), [], waiting("one"))
    live.push("pool/default", {"job": "r1.1.s1.1"})


def test_a_connection_of_api_gateway_is_sent_to_by_its_management_api() -> None:
    asked: list[AwsRequest] = []
    live = a_gateway(iter(({}, {})), asked)

    assert live.send("one", "é")
    live.close("one")

    assert [(ask.service, ask.operation, ask.arguments) for ask in asked] == [
        ("apigatewaymanagementapi", "PostToConnection", {"ConnectionId": "one", "Data": "é".encode()}),
        ("apigatewaymanagementapi", "DeleteConnection", {"ConnectionId": "one"}),
    ]


def test_a_connection_that_is_gone_is_no_fault_and_a_throttle_is() -> None:
    gone = a_gateway(iter((Refused("GoneException", "", {}), Refused("GoneException", "", {}))), [])
    assert not gone.send("one", "hello")
    gone.close("one")

    busy = a_gateway(iter([Refused("LimitExceededException", "", {})] * 9), [])
    with pytest.raises(Throttled):
        busy.send("one", "hello")


class Management(BaseHTTPRequestHandler):
    """API Gateway's side: remembers what it was asked, and knows no connection but one."""

    asked: ClassVar[list[tuple[str, str, bytes]]] = []

    def do_POST(self) -> None:
        """Take a message."""
        body = self.rfile.read(int(self.headers["content-length"]))
        assert self.headers["authorization"].startswith("AWS4-HMAC-SHA256 ")
        self.asked.append((self.command, self.path, body))
        self.send_response(200 if "first" in self.path else 410)
        self.send_header("content-length", "0")
        self.send_header("x-amzn-errortype", "GoneException")
        self.end_headers()

    def do_DELETE(self) -> None:
        """End a connection."""
        self.asked.append((self.command, self.path, b""))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
        """Nothing."""


def test_botocore_speaks_to_the_stage_of_the_websocket_api() -> None:
    Management.asked.clear()
    with HttpServer(("127.0.0.1", 0), Management) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/live"
        keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}
        where = endpoint_from({"AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI": address, **keys})
        aws = Aws(endpoint=where, clock=Clock(now=lambda: datetime.now(UTC), sleep=lambda _: None, dice=lambda: 0.0))
        live = GatewayLive(aws, FakeViewers())

        sent = live.send("first=", "hello"), live.send("gone=", "hello")
        live.close("first=")
        aws.close()
        server.shutdown()

    assert sent == (True, False)
    assert Management.asked == [
        ("POST", "/live/@connections/first%3D", b"hello"),
        ("POST", "/live/@connections/gone%3D", b"hello"),
        ("DELETE", "/live/@connections/first%3D", b""),
    ]

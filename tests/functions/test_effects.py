"""Many functions that call other systems at once, as on AWS: one that hangs or is slow leaves the others their time."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from chalicelib.adapter_context import AdapterContext
from chalicelib.adapters import ports_on
from chalicelib.aws.calls import Aws
from chalicelib.functions.effects import work_off
from chalicelib.gateways.outside import HttpOutside
from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.kernel.plans.work import CallWebhook, DefinitionKind
from chalicelib.store.dynamo.tables import Tables
from chalicelib.use_cases.outgoing_slots import OF_A_PROJECT, OF_A_SLOW_SYSTEM, OF_A_SYSTEM
from chalicelib.use_cases.ports.bundle import Ports, Settings
from chalicelib.use_cases.runs.advance import start_run
from chalicelib.wiring import RANDOM_IDS, SYSTEM_CLOCK
from infra import resources
from tests.builders import ORIGIN, a_plan, a_stage, a_step
from tests.http_server import HttpServer
from tests.walks.api import eventually

FUNCTIONS = 20
"""At once, as the template says: each is a process of its own, which knows nothing of the others but by the tables."""

HANGS, USUAL = 4.0, 2.0
"""Seconds until a call is given up; until one is made to a system that answers, on a machine under load."""


@dataclass
class Hanging:
    """A host that takes every call and never answers. most: of the calls that were open at once."""

    listener: socket.socket
    open: list[socket.socket] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/"

    def accept(self) -> None:
        while True:
            try:
                self.open.append(self.listener.accept()[0])
            except OSError:
                return

    def end(self) -> None:
        """Whoever waits for an answer hears that there is none, as whoever calls from now on does."""
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for one in self.open:
            one.close()

    def still_open(self) -> int:
        """How many calls wait for an answer: who gave up has closed its end."""
        for one in [one for one in self.open if _is_closed(one)]:
            one.close()
            self.open.remove(one)
        return len(self.open)


def _is_closed(one: socket.socket) -> bool:
    one.setblocking(False)
    try:
        while data := one.recv(65536):
            del data
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    made = Hanging(socket.create_server(("127.0.0.1", 0), backlog=100))
    thread = threading.Thread(target=made.accept)
    thread.start()
    yield made
    made.end()
    thread.join()


@pytest.fixture
def quick() -> Iterator[tuple[str, list[float]]]:
    """The address of a host that answers at once, and when it was called."""
    calls: list[float] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            calls.append(time.monotonic())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HttpServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", calls
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def function(aws: Aws, tables: Tables) -> Callable[[], Ports]:
    """Each call is the ports of another function."""
    resources.create_queues(aws, tables.prefix)
    resources.create_bucket(aws, tables.prefix)

    def made() -> Ports:
        context = AdapterContext(aws=lambda: aws, prefix=tables.prefix, clock=SYSTEM_CLOCK, ids=RANDOM_IDS)
        outside = HttpOutside(allows_private=True, seconds=HANGS)
        return replace(ports_on(context, Settings()), outside=outside)

    return made


@contextlib.contextmanager
def working(aws: Aws, prefix: str, function: Callable[[], Ports]) -> Iterator[None]:
    """The functions of the queue work meanwhile, each at one message at a time."""
    queue = next(one for one in resources.QUEUES if one.name == "effects")
    url, ended = resources.queue_url(aws, prefix, queue), threading.Event()

    def work() -> None:
        ports = function()
        while not ended.is_set():
            asked = {"QueueUrl": url, "AttributeNames": ["All"]}
            for message in aws.call("sqs", "ReceiveMessage", asked).get("Messages") or ():
                if not work_off(ports, {"Records": [record(message, f"{prefix}effects")]})["batchItemFailures"]:
                    aws.call("sqs", "DeleteMessage", {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]})
            ended.wait(0.05)

    with ThreadPoolExecutor(FUNCTIONS) as threads:
        at_work = [threads.submit(work) for _ in range(FUNCTIONS)]
        try:
            yield
        finally:
            ended.set()
    for one in at_work:
        one.result()


def record(message: dict[str, Any], queue: str) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "eventSourceARN": f"arn:aws:sqs:us-east-1:000000000000:{queue}",
    }


def call(ports: Ports, run: str, url: str, project: str) -> None:
    """A run begins whose only step calls an address."""
    definition = DefinitionRef(kind=DefinitionKind.PIPELINE, project=project, name="calls")
    plan = a_plan(a_stage(steps=(a_step(work=CallWebhook(url=url)),)), run=run)
    start_run(ports, replace(plan, definition=definition), origin=ORIGIN)


def test_a_host_that_hangs_leaves_all_others_their_usual_time(
    aws: Aws, tables: Tables, function: Callable[[], Ports], hanging: Hanging, quick: tuple[str, list[float]]
) -> None:
    ports, (address, calls) = function(), quick
    for number in range(3 * FUNCTIONS):
        call(ports, f"hangs{number}", hanging.address, f"project{number % 3}")
    with working(aws, tables.prefix, function):
        eventually(lambda: hanging.still_open() >= OF_A_PROJECT)
        took, most = [], 0
        for number in range(12):
            most = max(most, hanging.still_open())
            begun = time.monotonic()
            call(ports, f"quick{number}", address, f"project{number % 3}")
            eventually(lambda seen=number: len(calls) > seen)  # type: ignore[misc]  # mypy knows no such defaults
            took.append(calls[-1] - begun)
            time.sleep(HANGS / 10)
        # By now it is known as slow.
        eventually(lambda: hanging.still_open() <= OF_A_SLOW_SYSTEM)
        hanging.end()

    assert max(took) < USUAL, took
    assert most <= OF_A_SYSTEM

"""A poller against a real stand-in: in Lambda's shape, with Lambda's promises."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chalicelib.aws.calls import Aws
from chalicelib.wiring import aws_in
from infra.local.workers.in_flight import journal_in
from infra.local.workers.queues import BATCH, Poller, Sqs, WakeUp
from tests.infra.local.conftest import eventually

Start = Callable[..., Poller]


@pytest.fixture
def aws(cloud: str) -> Iterator[Aws]:
    made = aws_in({"AWS_ENDPOINT_URL": cloud})
    yield made
    made.close()


@pytest.fixture
def sqs(aws: Aws) -> Sqs:
    return partial(aws.call, "sqs")


@pytest.fixture
def started(sqs: Sqs, tmp_path: Path) -> Iterator[Start]:
    pollers = []

    def start(
        name: str,
        handler: Callable[[dict[str, Any], Any], Mapping[str, Any] | None],
        workers: int = 1,
        batch: int = BATCH,
    ) -> Poller:
        made = Poller(
            name=name,
            function="work",
            handler=handler,
            sqs=sqs,
            journal=journal_in(tmp_path),
            wake_up=WakeUp(workers),
            workers=workers,
            batch=batch,
            patience=1,
        )
        made.start()
        pollers.append(made)
        return made

    yield start
    for poller in pollers:
        poller.stop()
    for poller in pollers:
        for thread in poller.threads:
            thread.join(5)


def queue(sqs: Sqs, name: str, **attributes: str) -> str:
    return str(sqs("CreateQueue", {"QueueName": name, "Attributes": attributes})["QueueUrl"])


def waiting(sqs: Sqs, address: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    told = sqs("GetQueueAttributes", {"QueueUrl": address, "AttributeNames": names})["Attributes"]
    return sum(int(count) for count in told.values())


def has_length(seen: list[Any], length: int) -> bool:
    return len(seen) == length


def test_a_record_has_lambdas_shape(sqs: Sqs, started: Start) -> None:
    address, seen = queue(sqs, "shape.fifo", FifoQueue="true"), []
    started("shape.fifo", lambda event, _: seen.extend(event["Records"]))

    letter = {"QueueUrl": address, "MessageBody": "hello", "MessageGroupId": "g", "MessageDeduplicationId": "d"}
    sqs("SendMessage", {**letter, "MessageAttributes": {"kind": {"DataType": "String", "StringValue": "note"}}})

    record = eventually(lambda: seen)[0]
    assert (record["body"], record["eventSource"]) == ("hello", "aws:sqs")
    assert record["attributes"]["MessageGroupId"] == "g"
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert record["messageAttributes"]["kind"]["stringValue"] == "note"
    assert record["eventSourceARN"].endswith(":shape.fifo")


def test_what_succeeded_is_gone_and_what_failed_is_not(sqs: Sqs, started: Start) -> None:
    address, seen = queue(sqs, "halves", VisibilityTimeout="60"), []

    def fail_the_bad(event: dict[str, Any], _: object) -> dict[str, Any]:
        seen.extend(event["Records"])
        bad = [record["messageId"] for record in event["Records"] if record["body"] == "bad"]
        return {"batchItemFailures": [{"itemIdentifier": name} for name in bad]}

    entries = [{"Id": str(n), "MessageBody": "bad" if n == 3 else "good"} for n in range(6)]
    sqs("SendMessageBatch", {"QueueUrl": address, "Entries": entries})
    started("halves", fail_the_bad)

    eventually(lambda: len(seen) == 6)
    eventually(lambda: waiting(sqs, address) == 1)


def test_a_function_that_raises_loses_nothing(sqs: Sqs, started: Start) -> None:
    address, calls = queue(sqs, "raises.fifo", FifoQueue="true", VisibilityTimeout="60"), []

    def raise_once(event: dict[str, Any], _: object) -> None:
        calls.append([record["body"] for record in event["Records"]])
        if len(calls) == 1:
            raise RuntimeError("not today")

    letter = {"QueueUrl": address, "MessageGroupId": "g"}
    for name in ("a", "b"):
        sqs("SendMessage", {**letter, "MessageBody": name, "MessageDeduplicationId": name})
    started("raises.fifo", raise_once)

    eventually(lambda: waiting(sqs, address) == 0)
    assert [body for call in calls[1:] for body in call] == ["a", "b"]


def test_a_bell_is_heard_within_a_long_polls_lag(sqs: Sqs, started: Start) -> None:
    address, lags = queue(sqs, "bells"), []
    poller = started("bells", lambda event, _: lags.append(time.perf_counter() - float(event["Records"][0]["body"])))
    time.sleep(0.2)

    for number in range(1, 11):
        sqs("SendMessage", {"QueueUrl": address, "MessageBody": str(time.perf_counter())})
        poller.wake()
        eventually(partial(has_length, lags, number))

    assert sorted(lags)[5] < 0.5


def test_a_slow_batch_does_not_hold_up_the_next(sqs: Sqs, started: Start) -> None:
    address, go, seen = queue(sqs, "slow"), threading.Event(), []

    def work(event: dict[str, Any], _: object) -> None:
        body = event["Records"][0]["body"]
        if body == "slow":
            go.wait(120)
        seen.append(body)

    poller = started("slow", work, workers=2)
    sqs("SendMessage", {"QueueUrl": address, "MessageBody": "slow"})
    poller.wake()
    eventually(lambda: waiting(sqs, address) == 1)
    time.sleep(0.1)
    sqs("SendMessage", {"QueueUrl": address, "MessageBody": "quick"})
    poller.wake()

    eventually(lambda: seen == ["quick"])
    go.set()


def test_a_stop_waits_for_the_batch_in_hand(sqs: Sqs, started: Start) -> None:
    address, begun, ended = queue(sqs, "stops"), threading.Event(), threading.Event()

    def work(_: dict[str, Any], __: object) -> None:
        begun.set()
        time.sleep(0.3)
        ended.set()

    poller = started("stops", work)
    sqs("SendMessage", {"QueueUrl": address, "MessageBody": "x"})
    poller.wake()
    begun.wait(60)

    poller.stop()
    poller.join(60)

    assert ended.is_set()
    assert waiting(sqs, address) == 0


def test_a_queue_that_is_made_later_is_found(sqs: Sqs, started: Start) -> None:
    seen: list[str] = []
    started("later", lambda event, _: seen.append(event["Records"][0]["body"]))
    time.sleep(0.3)

    address = queue(sqs, "later")
    sqs("SendMessage", {"QueueUrl": address, "MessageBody": "at last"})

    eventually(lambda: seen == ["at last"])


def test_what_fails_does_not_hold_up_what_is_behind_it(sqs: Sqs, started: Start) -> None:
    address, seen, end = queue(sqs, "crowd", VisibilityTimeout="60"), set[str](), threading.Event()

    def fail_the_bad(event: dict[str, Any], _: object) -> dict[str, Any]:
        bodies = {record["messageId"]: record["body"] for record in event["Records"]}
        seen.update(bodies.values())
        if "slow" in bodies.values():
            end.wait(300)
        return {"batchItemFailures": [{"itemIdentifier": name} for name, body in bodies.items() if body == "bad"]}

    poller = started("crowd", fail_the_bad)
    sqs("SendMessage", {"QueueUrl": address, "MessageBody": "slow"})
    eventually(lambda: "slow" in seen)
    for body in ["bad"] * 35 + ["good"]:
        sqs("SendMessage", {"QueueUrl": address, "MessageBody": body})
    poller.wake()

    try:
        eventually(lambda: "good" in seen)

    finally:
        end.set()


def test_what_hangs_holds_up_nothing_that_comes_by_time(sqs: Sqs, started: Start) -> None:
    """What comes again has no bell: as long as a thread is idle, one listens, and all look behind what it finds."""
    address, seen, end = queue(sqs, "hangs"), list[str](), threading.Event()

    def hang(event: dict[str, Any], _: object) -> None:
        body = event["Records"][0]["body"]
        seen.append(body)
        if body == "slow":
            end.wait(300)

    for body in ("slow", "slow", "good"):
        sqs("SendMessage", {"QueueUrl": address, "MessageBody": body})
    started("hangs", hang, workers=2, batch=1)

    try:
        eventually(lambda: "good" in seen)
        sqs("SendMessage", {"QueueUrl": address, "MessageBody": "late"})
        eventually(lambda: "late" in seen)

    finally:
        end.set()

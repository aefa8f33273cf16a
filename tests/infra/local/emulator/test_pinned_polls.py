"""Long polls: few looks while nothing comes, and what comes is received in time."""

import asyncio
import time
from collections.abc import Awaitable, Mapping
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chalicelib.aws.calls import Aws
from infra import resources
from infra.local.emulator.pinned_polls import NEWS, RECEIVES, may_wait, sleep_between_looks

QUEUE: dict[str, Any] = {"attributes": {"QueueArn": "arn", "ReceiveMessageWaitTimeSeconds": "1"}, "messages": []}
TOLD = {"Messages": [{"Body": "it"}]}


class Sqs:
    """A module like ministack's, with one queue. shown: from when on its message is."""

    def __init__(self, shown: float = float("inf")) -> None:
        self.shown = shown
        self.looks = 0
        acts = dict.fromkeys(NEWS, lambda _arguments, _address: "done")
        self._HANDLERS: dict[str, Any] = {**acts, "ReceiveMessage": self._receive}
        sleep_between_looks(cast(Any, SimpleNamespace(_HANDLERS=self._HANDLERS, _get_q=lambda _: self._queue())))

    def _queue(self) -> Mapping[str, Any]:
        hidden = [{"visible_at": self.shown}] if self.shown < float("inf") else []
        return {**QUEUE, "messages": hidden}

    async def _receive(self, arguments: Mapping[str, Any], _address: str) -> Mapping[str, Any]:
        assert arguments["WaitTimeSeconds"] == 0
        self.looks += 1
        return TOLD if time.time() >= self.shown else {}

    def receive(self, **arguments: object) -> Awaitable[Mapping[str, Any]]:
        return cast(Awaitable[Mapping[str, Any]], self._HANDLERS["ReceiveMessage"]({"QueueUrl": "q", **arguments}, ""))

    def send(self, name: str = "SendMessage") -> None:
        self.shown = time.time()
        assert self._HANDLERS[name]({"QueueUrl": "q"}, "") == "done"


def test_while_nothing_comes_a_queue_is_looked_at_once_a_second() -> None:
    sqs, begun = Sqs(), time.monotonic()
    assert asyncio.run(cast(Any, sqs.receive(WaitTimeSeconds=2))) == {}
    assert time.monotonic() - begun >= 2
    assert sqs.looks <= 4


def test_without_a_time_of_its_own_a_call_waits_as_the_queue_says() -> None:
    sqs, begun = Sqs(), time.monotonic()
    assert asyncio.run(cast(Any, sqs.receive())) == {}
    assert time.monotonic() - begun >= 1


def test_whoever_does_not_wait_looks_once() -> None:
    sqs = Sqs()
    assert asyncio.run(cast(Any, sqs.receive(WaitTimeSeconds=0))) == {}
    assert sqs.looks == 1


def test_a_receiver_waits_unless_it_says_otherwise() -> None:
    for body in (b"{}", b'{"WaitTimeSeconds":20}', b'{"QueueUrl":"\\"WaitTimeSeconds\\":0"}'):
        assert may_wait(RECEIVES, body)
    for body in (b'{"WaitTimeSeconds":0}', b'{"WaitTimeSeconds" : 0, "QueueUrl":"q"}'):
        assert not may_wait(RECEIVES, body)
    assert not may_wait("AmazonSQS.SendMessage", b"{}")


@pytest.mark.parametrize("news", NEWS)
def test_news_of_its_queue_wakes_every_poll(news: str) -> None:
    async def poll() -> list[Mapping[str, Any]]:
        sqs = Sqs()
        polls = [asyncio.ensure_future(sqs.receive(WaitTimeSeconds=20)) for _ in range(2)]
        await asyncio.sleep(0.05)
        sqs.send(news)
        return await asyncio.wait_for(asyncio.gather(*polls), 10)

    assert asyncio.run(poll()) == [TOLD, TOLD]


def test_a_hidden_message_is_received_once_it_is_shown() -> None:
    sqs = Sqs(shown=time.time() + 0.3)
    assert asyncio.run(cast(Any, sqs.receive(WaitTimeSeconds=20))) == TOLD
    assert time.time() >= sqs.shown
    assert sqs.looks <= 4


def test_the_stand_in_gives_a_delayed_message_to_whoever_waits_for_it(aws: Aws, prefix: str) -> None:
    resources.create_queues(aws, prefix)
    url = aws.call("sqs", "GetQueueUrl", {"QueueName": f"{prefix}timers"})["QueueUrl"]
    begun = time.monotonic()
    aws.call("sqs", "SendMessage", {"QueueUrl": url, "MessageBody": "it", "DelaySeconds": 1})
    found = aws.call("sqs", "ReceiveMessage", {"QueueUrl": url, "WaitTimeSeconds": 20})
    assert [message["Body"] for message in found["Messages"]] == ["it"]
    assert 0.9 <= time.monotonic() - begun < 15

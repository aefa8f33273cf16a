"""Long polls of the pinned ministack that sleep while there is nothing to receive.

ministack itself looks ten times a second at each queue that somebody polls, whether or not anything has come.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

Arguments = Mapping[str, Any]
Receive = Callable[[Arguments, str], Awaitable[Mapping[str, Any]]]
Act = Callable[[Arguments, str], Any]

RECEIVES = "AmazonSQS.ReceiveMessage"
LONGEST_SLEEP = 1.0
"""Seconds. What came in another way than those named here, such as from a topic, is received by then."""
AFTER_NEWS = 0.1
"""Seconds, as with ministack: so whoever waits does not run ahead of a receiver whom the sender has woken."""
NEWS = tuple(
    f"{action}{batch}"
    for action in ("SendMessage", "DeleteMessage", "ChangeMessageVisibility")
    for batch in ("", "Batch")
)
"""What may make a message receivable: of an ordered group one at a time is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LongPolls:
    """The long polls of a ministack. sqs: its module. look: receives without waiting."""

    sqs: ModuleType
    look: Receive
    news: dict[str, asyncio.Event] = field(default_factory=dict)

    async def receive(self, arguments: Arguments, address: str) -> Mapping[str, Any]:
        """Receive as ministack does, and wait as long."""
        begun = time.monotonic()
        while True:
            answer = await self.look({**arguments, "WaitTimeSeconds": 0}, address)
            queue = self.sqs._get_q(arguments.get("QueueUrl", address))
            left = begun + _patience(arguments, queue) - time.monotonic()
            if answer or left <= 0:
                return answer
            await self._sleep(queue, left)

    def notify(self, arguments: Arguments, address: str) -> None:
        """Note that there is news of a queue."""
        news = self.news.get(_arn(self.sqs._get_q(arguments.get("QueueUrl", address))))
        if news is not None:
            news.set()

    async def _sleep(self, queue: Mapping[str, Any], left: float) -> None:
        """Return when something may be received, and no later than when the time is over."""
        news = self.news.setdefault(_arn(queue), asyncio.Event())
        news.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(left, LONGEST_SLEEP, _until_shown(queue))):
                await news.wait()
                await asyncio.sleep(AFTER_NEWS)


def may_wait(target: str, body: bytes) -> bool:
    """Return True for a call that is perhaps a long poll: it receives, and does not say that it will not wait."""
    return target == RECEIVES and b'"WaitTimeSeconds":0' not in body.replace(b" ", b"")


def sleep_between_looks(sqs: ModuleType) -> None:
    """From now on, long polls of this ministack sleep while there is no news."""
    polls = LongPolls(sqs=sqs, look=sqs._HANDLERS["ReceiveMessage"])
    for name in NEWS:
        sqs._HANDLERS[name] = _notifying(polls, sqs._HANDLERS[name])
    sqs._HANDLERS["ReceiveMessage"] = polls.receive


def _notifying(polls: LongPolls, act: Act) -> Act:
    def notifying(arguments: Arguments, address: str) -> Any:  # noqa: ANN401 - ministack's answer
        answer = act(arguments, address)
        polls.notify(arguments, address)
        return answer

    return notifying


def _patience(arguments: Arguments, queue: Mapping[str, Any]) -> int:
    """Seconds that a receiver waits: by its call, else by the queue."""
    asked = arguments.get("WaitTimeSeconds")
    return int(queue["attributes"].get("ReceiveMessageWaitTimeSeconds", "0") if asked is None else asked)


def _until_shown(queue: Mapping[str, Any]) -> float:
    """Seconds until the next hidden message is shown."""
    now = time.time()
    hidden = [message["visible_at"] - now for message in queue["messages"] if message["visible_at"] > now]
    return min(hidden, default=LONGEST_SLEEP)


def _arn(queue: Mapping[str, Any]) -> str:
    return str(queue["attributes"]["QueueArn"])

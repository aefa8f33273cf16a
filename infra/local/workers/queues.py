"""What Lambda does for a queue: receive, wake the function, delete what succeeded. One poller a queue.

The emulator polls its queues ten times a second during a long poll, too late for a step that could start now. So a
process that has sent a message signals the queue's wake-up, and workers receive at once.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from infra.local.context import Context
from infra.local.workers.in_flight import InFlightJournal

logger = logging.getLogger("queues")

Event = dict[str, Any]
Handler = Callable[[Event, Any], Mapping[str, Any] | None]
Sqs = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]
"""One call to SQS: operation and arguments as AWS names them."""

BATCH = 10
LONG_POLL = 20
AFTER_AN_OUTAGE = 0.25
AFTER_A_CRASH = 1


class WakeUp:
    """Wakes waiting threads, one per signal. Signals beyond the number of threads are merged."""

    def __init__(self, threads: int) -> None:
        self._signals = threading.BoundedSemaphore(threads)
        for _ in range(threads):
            self._signals.acquire()

    def wake(self) -> None:
        """Wake one thread, now or as soon as it waits again."""
        with contextlib.suppress(ValueError):
            self._signals.release()

    def wait(self) -> None:
        """Wait for a signal."""
        self._signals.acquire()


@dataclass(frozen=True, slots=True, kw_only=True)
class Poller:
    """A queue and the function that it wakes.

    name: the queue's, with prefix. workers: how many batches at once. batch: most messages of one.
    patience: seconds of a long poll.
    """

    name: str
    function: str
    handler: Handler
    sqs: Sqs
    journal: InFlightJournal
    wake_up: WakeUp
    workers: int = 1
    batch: int = BATCH
    patience: int = LONG_POLL
    stopping: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Start the threads: one in a long poll, the others wait for the wake-up."""
        roles = [self._listen, *[self._wait_for_wake_up] * self.workers]
        for number, role in enumerate(roles):
            thread = threading.Thread(target=role, name=f"{self.name}-{number}", daemon=True)
            self.threads.append(thread)
            thread.start()

    def wake(self) -> None:
        """Have a worker poll the queue now."""
        self.wake_up.wake()

    def stop(self) -> None:
        """Begin no further batch."""
        self.stopping.set()
        for _ in range(self.workers):
            self.wake_up.wake()

    def join(self, seconds: float) -> None:
        """Wait up to `seconds` for running batches; a long poll is not waited for."""
        for thread in self.threads[1:]:
            thread.join(seconds)
        self.journal.wait_until_empty(seconds)

    def _listen(self) -> None:
        while not self.stopping.is_set():
            if self._turn(wait=self.patience):
                # There may be more than one batch: the others help.
                for _ in range(self.workers):
                    self.wake_up.wake()

    def _wait_for_wake_up(self) -> None:
        while True:
            self.wake_up.wait()
            while not self.stopping.is_set() and self._turn(wait=0):
                pass
            if self.stopping.is_set():
                return

    def _turn(self, wait: int) -> bool:
        """Process one batch. Return whether there was one."""
        try:
            return self._handle(self._receive(wait))
        except Exception as error:  # noqa: BLE001 - a worker survives every error of the emulator
            self.addresses.clear()
            if not self.stopping.is_set():
                logger.warning("%s: %s: %s", self.name, type(error).__name__, error)
            self.stopping.wait(AFTER_AN_OUTAGE)
            return False

    def _receive(self, wait: int) -> Sequence[Mapping[str, Any]]:
        ask = {
            "QueueUrl": self._address(),
            "MaxNumberOfMessages": self.batch,
            "WaitTimeSeconds": wait,
            "AttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
        }
        messages: Sequence[Mapping[str, Any]] = self.sqs("ReceiveMessage", ask).get("Messages") or ()
        return messages

    def _handle(self, messages: Sequence[Mapping[str, Any]]) -> bool:
        if not messages:
            return False
        address = self._address()
        with self.journal.of(address, [message["ReceiptHandle"] for message in messages]):
            if self.stopping.is_set():
                self._show_again(address, messages, after=0)
                return False
            failed = self._run(messages)
            if failed is None:
                # Nobody has said when they are to come again.
                self._show_again(address, messages, after=AFTER_A_CRASH)
                return False
            self._delete(address, [message for message in messages if message["MessageId"] not in failed])
        # What failed comes again later, by the function's own word: what waits behind it is not held up.
        return True

    def _run(self, messages: Sequence[Mapping[str, Any]]) -> frozenset[str] | None:
        """Return the ids of the failed messages; None when the function itself failed."""
        event = {"Records": [record_of(message, self.name) for message in messages]}
        try:
            told = self.handler(event, Context(function=self.function))
        except Exception:
            logger.exception("%s: a batch of %s failed", self.function, len(messages))
            return None
        failures = (told or {}).get("batchItemFailures") or ()
        return frozenset(failure["itemIdentifier"] for failure in failures)

    def _delete(self, address: str, messages: Sequence[Mapping[str, Any]]) -> None:
        entries = [
            {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]} for number, message in enumerate(messages)
        ]
        if entries:
            self.sqs("DeleteMessageBatch", {"QueueUrl": address, "Entries": entries})

    def _show_again(self, address: str, messages: Sequence[Mapping[str, Any]], after: int) -> None:
        show_again(self.sqs, address, [message["ReceiptHandle"] for message in messages], after)

    def _address(self) -> str:
        if self.name not in self.addresses:
            self.addresses[self.name] = self.sqs("GetQueueUrl", {"QueueName": self.name})["QueueUrl"]
        return self.addresses[self.name]


def show_again(sqs: Sqs, address: str, handles: Sequence[str], after: int) -> None:
    """Make these messages visible again. after: seconds."""
    entries = [
        {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": after}
        for number, handle in enumerate(handles)
    ]
    if entries:
        sqs("ChangeMessageVisibilityBatch", {"QueueUrl": address, "Entries": entries})


def record_of(message: Mapping[str, Any], queue: str) -> Event:
    """Return the message as Lambda passes it to a function."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes") or {}),
        "messageAttributes": {
            name: _attribute(value) for name, value in (message.get("MessageAttributes") or {}).items()
        },
        "md5OfBody": message.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:us-east-1:000000000000:{queue}",
        "awsRegion": "us-east-1",
    }


def _attribute(value: Mapping[str, Any]) -> Event:
    lists: Event = {"stringListValues": [], "binaryListValues": []}
    return lists | {name[0].lower() + name[1:]: part for name, part in value.items()}

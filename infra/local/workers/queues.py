"""What Lambda does for a queue: receive, wake the function, delete what succeeded. One poller a queue.

The emulator looks at a queue a tenth of a second after a message came, too late for a step that could start now. So a
process that has sent a message signals the queue's wake-up, and workers receive at once.
"""

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
    """Wakes waiting threads, one per signal, and one more whenever nobody listens.

    Signals beyond the number of threads are merged.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._signals = 0
        self._listener: threading.Thread | None = None
        self._changed = threading.Condition()

    def wake(self) -> None:
        """Wake one thread, now or as soon as it waits again."""
        with self._changed:
            self._signals = min(self._signals + 1, self._threads)
            self._changed.notify()

    def wait(self) -> bool:
        """Wait for a signal, or until nobody listens. Return whether this thread is to listen, until it ends that."""
        with self._changed:
            self._changed.wait_for(lambda: self._signals or self._listener is None)
            if self._signals:
                self._signals -= 1
                return False
            self._listener = threading.current_thread()
            return True

    def is_listening(self, thread: threading.Thread) -> bool:
        """Return whether it is this thread that listens."""
        return self._listener is thread

    def end_listening(self) -> None:
        """Let another thread listen; no effect unless this one does."""
        with self._changed:
            if self._listener is threading.current_thread():
                self._listener = None
                self._changed.notify()


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
        """Start the threads: at any time an idle one is in a long poll, the others wait for the wake-up."""
        for number in range(1 + self.workers):
            thread = threading.Thread(target=self._work, name=f"{self.name}-{number}", daemon=True)
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
        for thread in self.threads:
            if not self.wake_up.is_listening(thread):
                thread.join(seconds)
        self.journal.wait_until_empty(seconds)

    def _work(self) -> None:
        while not self.stopping.is_set():
            wait = self.patience if self.wake_up.wait() else 0
            while not self.stopping.is_set() and self._turn(wait):
                wait = 0

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
        finally:
            self.wake_up.end_listening()

    def _receive(self, wait: int) -> Sequence[Mapping[str, Any]]:
        ask = {
            "QueueUrl": self._address(),
            "MaxNumberOfMessages": self.batch,
            "WaitTimeSeconds": wait,
            "AttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
        }
        messages: Sequence[Mapping[str, Any]] = self.sqs("ReceiveMessage", ask).get("Messages") or ()
        # Before they are handled, which may take long: others listen on, and look for what is behind a full batch.
        self.wake_up.end_listening()
        if len(messages) == self.batch:
            self.wake_up.wake()
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

"""The four queues: what is sent to them, and how a message is read. Who reads them: functions.

`events` is FIFO, in the order of each run, and forgets a repeated key for five minutes; `timers` delivers late;
`effects` holds what calls other systems; `live` is FIFO, in the order of each viewer of a log.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from hashlib import sha256
from threading import Lock
from typing import Any

from chalicelib.aws.calls import Aws, Refused
from chalicelib.kernel.codec import decoder, encode
from chalicelib.kernel.engine.effects import Effect
from chalicelib.kernel.engine.events import Event
from chalicelib.kernel.engine.message import (
    AttemptDelivery,
    Happened,
    LookAtJob,
    LookAtRun,
    Message,
    PerformExternalCall,
    PushLog,
)
from chalicelib.kernel.faults import Invalid, TooLarge

EVENTS = "events.fifo"
TIMERS = "timers"
EFFECTS = "effects"
LIVE = "live.fifo"
LONGEST_DELAY_SECONDS = 900
LARGEST_MESSAGE = 250_000
"""Bytes. SQS took 262,144 in all from the start, and takes more today."""

Ring = Callable[[str], None]
"""Told the name of a queue, with its prefix, after something was sent to it. Losing a ring is no harm."""


def silence(_queue: str) -> None:
    """Nobody is told."""


class Queues:
    """The port Queue, over SQS. now: true time, as delays are counted from it."""

    def __init__(self, aws: Aws, prefix: str, now: Callable[[], datetime], ring: Ring = silence) -> None:
        self._aws = aws
        self._prefix = prefix
        self._now = now
        self._ring = ring
        self._urls: dict[str, str] = {}
        self._lock = Lock()

    def enqueue_events(self, run_id: str, events: Sequence[Event], key: str) -> None:
        """Put events in the run's order of events. key: for deduplication. Faults: TooLarge."""
        self._send_event(run_id, Happened(run=run_id, events=tuple(events)), key)

    def enqueue_tick(self, run_id: str, key: str) -> None:
        """Have the run looked at again soon, in the order of its events. key: for deduplication."""
        self._send_event(run_id, LookAtRun(run=run_id), key)

    def wake(self, run_id: str, at: datetime) -> None:
        """Have the run looked at at an instant within 15 minutes; later ones are left to the due index."""
        self._send_late(TIMERS, LookAtRun(run=run_id), at)

    def schedule_job_check(self, job_id: str, at: datetime) -> None:
        """Have the job looked at at an instant within 15 minutes; later ones are left to the due index."""
        self._send_late(TIMERS, LookAtJob(job=job_id), at)

    def enqueue_external_call(self, run_id: str, effect: Effect) -> None:
        """Have an effect that calls another system performed."""
        self._send(EFFECTS, PerformExternalCall(run=run_id, effect=effect), {})

    def schedule_delivery(self, delivery_id: str, at: datetime) -> None:
        """Have something owed performed at an instant within 15 minutes; later ones are left to the due index."""
        self._send_late(EFFECTS, AttemptDelivery(delivery=delivery_id), at)

    def enqueue_log_update(self, connection: str, key: str) -> None:
        """Have a viewer shown what its log has, after what it is being shown. key: for deduplication."""
        self._send(LIVE, PushLog(connection=connection), _in_order(connection, key))

    def delay_message(self, queue: str, receipt: str, seconds: int) -> None:
        """Have a message that was received come again after so many seconds. queue: its full name."""
        asked = {"QueueUrl": self._url(queue.removeprefix(self._prefix)), "ReceiptHandle": receipt}
        self._aws.call("sqs", "ChangeMessageVisibility", {**asked, "VisibilityTimeout": seconds})

    def _send_event(self, run_id: str, message: Message, key: str) -> None:
        self._send(EVENTS, message, _in_order(run_id, key))

    def _send_late(self, queue: str, message: Message, at: datetime) -> None:
        seconds = delay_seconds(self._now(), at)
        if seconds <= LONGEST_DELAY_SECONDS:
            self._send(queue, message, {"DelaySeconds": seconds})

    def _send(self, queue: str, message: Message, extra: dict[str, Any]) -> None:
        body = written(message)
        if len(body.encode()) > LARGEST_MESSAGE:
            raise TooLarge(f"a message for queue {queue} is too large: {len(body)} characters")
        try:
            self._aws.call("sqs", "SendMessage", {"QueueUrl": self._url(queue), "MessageBody": body, **extra})
        except Refused as error:
            if "NonExistentQueue" not in error.code and "QueueDoesNotExist" not in error.code:
                raise
            # The queue was made anew: its address may be another.
            self._urls.pop(queue, None)
            self._aws.call("sqs", "SendMessage", {"QueueUrl": self._url(queue), "MessageBody": body, **extra})
        self._ring(self._prefix + queue)

    def _url(self, queue: str) -> str:
        with self._lock:
            if queue not in self._urls:
                answer = self._aws.call("sqs", "GetQueueUrl", {"QueueName": self._prefix + queue})
                self._urls[queue] = answer["QueueUrl"]
            return self._urls[queue]


def delay_seconds(now: datetime, at: datetime) -> int:
    """Whole seconds to wait so as not to come before an instant."""
    milliseconds = round((at - now).total_seconds() * 1000)
    return max(0, -(-milliseconds // 1000))


def written(message: Message) -> str:
    """The message as text."""
    return json.dumps(encode(Message, message), separators=(",", ":"))


def read(body: str) -> Message:
    """The message that a text says. Faults: Invalid."""
    try:
        message: Message | None = decoder(Message)(json.loads(body))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Invalid.single("", f"not a message of ours: {type(error).__name__} {error}") from error
    if message is None:
        raise Invalid.single("", "not a message of ours: nothing")
    return message


def _in_order(of: str, key: str) -> dict[str, Any]:
    # SQS takes letters, digits and punctuation, 128 of them; a digest is always fit.
    return {"MessageGroupId": _digest(of), "MessageDeduplicationId": _digest(f"{of}\n{key}")}


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()

"""The five SQS queues: sending messages, and parsing them. The consumers are in functions.

`events` is FIFO in the order of each run and drops a repeated key for five minutes; `timers` delivers delayed;
`effects` has calls to other systems, by project and whom it calls in turn, `checks` packages to read, by project;
`live` is FIFO in the order of each viewer of a log.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from threading import Lock
from types import MappingProxyType
from typing import Any, assert_never

from chalicelib.aws.calls import Answer, Aws, Refused
from chalicelib.kernel.codec import decoder, encode
from chalicelib.kernel.engine.effects import Effect
from chalicelib.kernel.engine.events import Event
from chalicelib.kernel.engine.message import (
    FORMAT,
    AttemptDelivery,
    DispatchEvents,
    GiveBuiltVersion,
    Happened,
    HappenedToEach,
    LookAtJob,
    LookAtRun,
    LookAtSuspension,
    LookAtTrain,
    LookAtWorkload,
    Message,
    PerformExternalCall,
    PushLog,
)
from chalicelib.kernel.faults import Invalid, Throttled, TooLarge, Unavailable
from chalicelib.use_cases.ports.runs import Due, DueKind, Queue
from slipway_formats.override import override

EVENTS = "events.fifo"
TIMERS = "timers"
EFFECTS = "effects"
CHECKS = "checks"
LIVE = "live.fifo"
LONGEST_DELAY_SECONDS = 900
MOST_AT_ONCE = 10
"""Messages that SQS takes by one call."""

LARGEST_MESSAGE = 250_000
"""Bytes. The limit of SQS was 262,144 in all from the start, and is higher today."""

FEED = "feed"
"""The group of what is sent to webhooks, beside those of runs, whose ids are longer."""

OF_FORMAT = "format"
"""Where the format stands in a message, beside its fields."""

NOTHING: Mapping[str, Any] = MappingProxyType({})
Ring = Callable[[str], None]
"""Called with the full name of a queue after a message was sent to it that is due at once. Losing a call is no harm."""


def silence(_queue: str) -> None:
    """Do nothing."""


class Queues(Queue):
    """The port Queue, over SQS. now: real time, from which delays are computed."""

    def __init__(self, aws: Aws, prefix: str, now: Callable[[], datetime], ring: Ring = silence) -> None:
        self._aws = aws
        self._prefix = prefix
        self._now = now
        self._ring = ring
        self._urls: dict[str, str] = {}
        self._lock = Lock()

    @override
    def enqueue_events(self, run_id: str, events: Sequence[Event], key: str) -> None:
        self._send_event(run_id, Happened(run=run_id, events=tuple(events)), key)

    @override
    def enqueue_for_each(self, run_ids: Sequence[str], events: Sequence[Event], key: str) -> None:
        sent = [(Happened(run=one, events=tuple(events)), _in_order(one, key)) for one in run_ids]
        for start in range(0, len(sent), MOST_AT_ONCE):
            self._send_together(EVENTS, sent[start : start + MOST_AT_ONCE])

    @override
    def enqueue_for_all(self, run_ids: Sequence[str], events: Sequence[Event], key: str) -> None:
        if len(run_ids) <= MOST_AT_ONCE:
            self.enqueue_for_each(run_ids, events, key)
            return
        many = HappenedToEach(runs=tuple(run_ids), events=tuple(events), key=key)
        self._send(EVENTS, many, _in_order(written(many), key))

    @override
    def enqueue_tick(self, run_id: str, key: str) -> None:
        self._send_event(run_id, LookAtRun(run=run_id), key)

    @override
    def wake(self, run_id: str, at: datetime) -> None:
        self._send_delayed(TIMERS, LookAtRun(run=run_id), at)

    @override
    def schedule_job_check(self, job_id: str, at: datetime) -> None:
        self._send_delayed(TIMERS, LookAtJob(job=job_id), at)

    @override
    def schedule_workload_check(self, workload_id: str, at: datetime) -> None:
        self._send_delayed(TIMERS, LookAtWorkload(workload=workload_id), at)

    @override
    def enqueue_due(self, kind: DueKind, due: Sequence[Due]) -> None:
        late = [(_check_of(kind, one.id), delay_seconds(self._now(), one.at)) for one in due]
        sent = [(check, {"DelaySeconds": seconds}) for check, seconds in late if seconds <= LONGEST_DELAY_SECONDS]
        if sent:
            self._send_together(EFFECTS if kind is DueKind.DELIVERY else TIMERS, sent)

    @override
    def schedule_suspension_check(self, train: int, at: datetime) -> None:
        self._send_delayed(TIMERS, LookAtSuspension(train=train), at)

    @override
    def enqueue_built_version(self, run_id: str) -> None:
        self._send_delayed(TIMERS, GiveBuiltVersion(run=run_id), self._now())

    @override
    def enqueue_dispatch(self, number: int) -> None:
        self._send(EVENTS, DispatchEvents(since=number), _in_order(FEED, str(number)))

    @override
    def enqueue_external_call(self, run_id: str, effect: Effect, turn: str) -> None:
        self._send(EFFECTS, PerformExternalCall(run=run_id, effect=effect), _in_turn(turn))

    @override
    def schedule_delivery(self, delivery_id: str, at: datetime, turn: str = "") -> None:
        self._send_delayed(EFFECTS, AttemptDelivery(delivery=delivery_id), at, _in_turn(turn))

    @override
    def schedule_package_check(self, delivery_id: str, at: datetime, turn: str) -> None:
        self._send_delayed(CHECKS, AttemptDelivery(delivery=delivery_id), at, _in_turn(turn))

    @override
    def enqueue_log_update(self, connection: str, key: str) -> None:
        self._send(LIVE, PushLog(connection=connection), _in_order(connection, key))

    @override
    def delay_message(self, queue: str, receipt: str, seconds: int) -> None:
        arguments = {"QueueUrl": self._url(queue.removeprefix(self._prefix)), "ReceiptHandle": receipt}
        self._aws.call("sqs", "ChangeMessageVisibility", {**arguments, "VisibilityTimeout": seconds})

    def _send_event(self, run_id: str, message: Message, key: str) -> None:
        self._send(EVENTS, message, _in_order(run_id, key))

    def _send_delayed(self, queue: str, message: Message, at: datetime, extra: Mapping[str, Any] = NOTHING) -> None:
        seconds = delay_seconds(self._now(), at)
        if seconds <= LONGEST_DELAY_SECONDS:
            self._send(queue, message, {"DelaySeconds": seconds, **extra})

    def _send(self, queue: str, message: Message, extra: Mapping[str, Any]) -> None:
        self._call(queue, "SendMessage", {**_body(queue, message), **extra})
        if not extra.get("DelaySeconds"):
            self._ring(self._prefix + queue)

    def _send_together(self, queue: str, messages: Sequence[tuple[Message, Mapping[str, Any]]]) -> None:
        """Send up to ten messages by one call. Faults: Throttled if some were not taken, TooLarge."""
        entries = [{"Id": str(place), **_body(queue, one), **extra} for place, (one, extra) in enumerate(messages)]
        if sum(len(one["MessageBody"].encode()) for one in entries) > LARGEST_MESSAGE:
            raise TooLarge(f"{len(entries)} messages for queue {queue} are too large together")
        answer = self._call(queue, "SendMessageBatch", {"Entries": entries})
        if failed := answer.get("Failed"):
            raise Throttled(f"queue {queue} took {len(entries) - len(failed)} of {len(entries)} messages")
        self._ring(self._prefix + queue)

    def _call(self, queue: str, operation: str, arguments: Mapping[str, Any]) -> Answer:
        try:
            return self._aws.call("sqs", operation, {"QueueUrl": self._url(queue), **arguments})
        except Refused as error:
            if "NonExistentQueue" not in error.code and "QueueDoesNotExist" not in error.code:
                raise
            # The queue was created again: its URL may have changed.
            self._urls.pop(queue, None)
            return self._aws.call("sqs", operation, {"QueueUrl": self._url(queue), **arguments})

    def _url(self, queue: str) -> str:
        with self._lock:
            if queue not in self._urls:
                answer = self._aws.call("sqs", "GetQueueUrl", {"QueueName": self._prefix + queue})
                self._urls[queue] = answer["QueueUrl"]
            return self._urls[queue]


def delay_seconds(now: datetime, at: datetime) -> int:
    """Return the whole seconds to wait so as not to arrive before an instant."""
    milliseconds = round((at - now).total_seconds() * 1000)
    return max(0, -(-milliseconds // 1000))


def written(message: Message) -> str:
    """Serialize the message, with its format."""
    return json.dumps({**encode(Message, message), OF_FORMAT: FORMAT}, separators=(",", ":"))


def read(body: str) -> Message:
    """Parse a message. Faults: Invalid; Unavailable if a newer release wrote it in a way that this one cannot read."""
    if is_newer(body):
        raise Unavailable(f"the message is of a newer format than {FORMAT}: it waits for the release that wrote it")
    try:
        message: Message | None = decoder(Message)(json.loads(body))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Invalid.single("", f"not a message of ours: {type(error).__name__} {error}") from error
    if message is None:
        raise Invalid.single("", "not a message of ours: nothing")
    return message


def is_newer(body: str) -> bool:
    """Return True for a message of a newer format than this release reads."""
    try:
        plain = json.loads(body)
    except ValueError:
        return False
    told = plain.get(OF_FORMAT) if isinstance(plain, dict) else None
    return isinstance(told, int) and told > FORMAT


def _body(queue: str, message: Message) -> dict[str, Any]:
    body = written(message)
    if len(body.encode()) > LARGEST_MESSAGE:
        raise TooLarge(f"a message for queue {queue} is too large: {len(body)} characters")
    return {"MessageBody": body}


def _check_of(kind: DueKind, thing: str) -> Message:
    match kind:
        case DueKind.RUN:
            return LookAtRun(run=thing)
        case DueKind.JOB:
            return LookAtJob(job=thing)
        case DueKind.WORKLOAD:
            return LookAtWorkload(workload=thing)
        case DueKind.TRAIN:
            return LookAtTrain(train=int(thing))
        case DueKind.DELIVERY:
            return AttemptDelivery(delivery=thing)
        case _:
            assert_never(kind)


def _in_turn(turn: str) -> dict[str, Any]:
    """Of a queue without order: groups with much in flight are served after others. Source: Amazon SQS fair queues."""
    return {"MessageGroupId": _digest(turn)} if turn else {}


def _in_order(of: str, key: str) -> dict[str, Any]:
    # SQS accepts 128 letters, digits and punctuation characters; a digest always fits.
    return {"MessageGroupId": _digest(of), "MessageDeduplicationId": _digest(f"{of}\n{key}")}


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()

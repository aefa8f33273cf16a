"""The fake of the port Queue, held to the same contract as SQS by tests/gateways/test_queues.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.kernel.engine.effects import Effect
from chalicelib.kernel.engine.events import Event
from chalicelib.kernel.engine.message import (
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
from chalicelib.use_cases.ports.runs import Due, DueKind, Queue
from tests.fakes.world import FakeWorld

LONGEST_DELAY = timedelta(minutes=15)
MOST_AT_ONCE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message in a queue, to be delivered at an instant. turn: whose it is."""

    queue: str
    message: Message
    at: datetime
    turn: str = ""


class FakeQueue(Queue):
    """Queues in memory: take out of `sent` what is delivered."""

    def __init__(self, world: FakeWorld) -> None:
        self.world = world
        self.sent: list[Sent] = []
        self.later: list[tuple[str, str, int]] = []
        self._keys: set[tuple[str, str]] = set()

    def enqueue_events(self, run_id: str, events: Sequence[Event], key: str) -> None:
        self._send_event(run_id, Happened(run=run_id, events=tuple(events)), key)

    def enqueue_for_each(self, run_ids: Sequence[str], events: Sequence[Event], key: str) -> None:
        for one in run_ids:
            self.enqueue_events(one, events, key)

    def enqueue_for_all(self, run_ids: Sequence[str], events: Sequence[Event], key: str) -> None:
        if len(run_ids) <= MOST_AT_ONCE:
            self.enqueue_for_each(run_ids, events, key)
        else:
            many = HappenedToEach(runs=tuple(run_ids), events=tuple(events), key=key)
            self._send_in_order("events", repr(many), many, key)

    def enqueue_tick(self, run_id: str, key: str) -> None:
        self._send_event(run_id, LookAtRun(run=run_id), key)

    def wake(self, run_id: str, at: datetime) -> None:
        self._send_late("timers", LookAtRun(run=run_id), at)

    def schedule_job_check(self, job_id: str, at: datetime) -> None:
        self._send_late("timers", LookAtJob(job=job_id), at)

    def schedule_workload_check(self, workload_id: str, at: datetime) -> None:
        self._send_late("timers", LookAtWorkload(workload=workload_id), at)

    def enqueue_due(self, kind: DueKind, due: Sequence[Due]) -> None:
        assert len(due) <= 10
        for one in due:
            self._send_late("effects" if kind is DueKind.DELIVERY else "timers", _check_of(kind, one.id), one.at)

    def schedule_suspension_check(self, train: int, at: datetime) -> None:
        self._send_late("timers", LookAtSuspension(train=train), at)

    def enqueue_built_version(self, run_id: str) -> None:
        self._send_late("timers", GiveBuiltVersion(run=run_id), self.world.now())

    def enqueue_dispatch(self, number: int) -> None:
        self._send_in_order("events", "feed", DispatchEvents(since=number), str(number))

    def enqueue_external_call(self, run_id: str, effect: Effect, turn: str) -> None:
        self._send("effects", PerformExternalCall(run=run_id, effect=effect), self.world.now(), turn)

    def schedule_delivery(self, delivery_id: str, at: datetime, turn: str = "") -> None:
        self._send_late("effects", AttemptDelivery(delivery=delivery_id), at, turn)

    def schedule_package_check(self, delivery_id: str, at: datetime, turn: str) -> None:
        self._send_late("checks", AttemptDelivery(delivery=delivery_id), at, turn)

    def enqueue_log_update(self, connection: str, key: str) -> None:
        self._send_in_order("live", connection, PushLog(connection=connection), key)

    def delay_message(self, queue: str, receipt: str, seconds: int) -> None:
        self.later.append((queue, receipt, seconds))

    def messages(self, queue: str) -> list[Message]:
        """What lies in a queue, in order."""
        return [sent.message for sent in self.sent if sent.queue == queue]

    def deliver(self) -> list[Message]:
        """The messages whose time has come, taken out, in order."""
        due = [sent for sent in self.sent if sent.at <= self.world.now()]
        self.sent = [sent for sent in self.sent if sent.at > self.world.now()]
        return [sent.message for sent in due]

    def _send_event(self, run_id: str, message: Message, key: str) -> None:
        self._send_in_order("events", run_id, message, key)

    def _send_in_order(self, queue: str, of: str, message: Message, key: str) -> None:
        if (of, key) not in self._keys:
            self._keys.add((of, key))
            self._send(queue, message, self.world.now())

    def _send_late(self, queue: str, message: Message, at: datetime, turn: str = "") -> None:
        if at - self.world.now() <= LONGEST_DELAY:
            self._send(queue, message, max(at, self.world.now()), turn)

    def _send(self, queue: str, message: Message, at: datetime, turn: str = "") -> None:
        self.sent.append(Sent(queue=queue, message=message, at=at, turn=turn))


def _check_of(kind: DueKind, thing: str) -> Message:
    checks: Mapping[DueKind, Callable[[], Message]] = {
        DueKind.RUN: lambda: LookAtRun(run=thing),
        DueKind.JOB: lambda: LookAtJob(job=thing),
        DueKind.WORKLOAD: lambda: LookAtWorkload(workload=thing),
        DueKind.TRAIN: lambda: LookAtTrain(train=int(thing)),
        DueKind.DELIVERY: lambda: AttemptDelivery(delivery=thing),
    }
    return checks[kind]()

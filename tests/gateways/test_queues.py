"""The contract of the port Queue: the fake and SQS keep it alike, as far as a sender can see."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from chalicelib.aws.calls import Aws
from chalicelib.gateways.queues import Queues, delay_seconds, read, written
from chalicelib.kernel.engine.effects import StartStep
from chalicelib.kernel.engine.events import Event, PlanReplaced, Ticked
from chalicelib.kernel.engine.message import (
    FORMAT,
    AttemptDelivery,
    DispatchEvents,
    Happened,
    HappenedToEach,
    LookAtJob,
    LookAtRun,
    LookAtTrain,
    LookAtWorkload,
    Message,
    PerformExternalCall,
    PushLog,
)
from chalicelib.kernel.faults import Invalid, TooLarge, Unavailable
from chalicelib.use_cases.ports.runs import Due, DueKind, Queue
from infra import resources
from tests.builders import NOON, a_chain, a_plan, finished, later, started
from tests.fakes.queue import FakeQueue
from tests.fakes.world import FakeWorld

EFFECT = StartStep(execution=1, node="s1", attempt=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A queue, and how to see what was sent to it."""

    queue: Queue
    received: Callable[[str], list[Message]]
    rung: list[str] = field(default_factory=list)


def received_from(aws: Aws, prefix: str) -> Callable[[str], list[Message]]:
    def received(name: str) -> list[Message]:
        queue = next(queue for queue in resources.QUEUES if queue.name == name)
        url = resources.queue_url(aws, prefix, queue)
        seen: list[Message] = []
        while True:
            asked = {"QueueUrl": url, "MaxNumberOfMessages": 10}
            messages = aws.call("sqs", "ReceiveMessage", asked).get("Messages") or []
            for message in messages:
                seen.append(read(message["Body"]))
                aws.call("sqs", "DeleteMessage", {"QueueUrl": url, "ReceiptHandle": message["ReceiptHandle"]})
            if not messages:
                return seen

    return received


@pytest.fixture(params=["fake", "sqs"])
def case(request: pytest.FixtureRequest) -> Case:
    if request.param == "fake":
        fake = FakeQueue(FakeWorld())
        return Case(queue=fake, received=fake.messages)
    aws, prefix = request.getfixturevalue("aws"), request.getfixturevalue("prefix")
    resources.create_queues(aws, prefix)
    rung: list[str] = []
    queues = Queues(aws, prefix, lambda: NOON, rung.append)
    return Case(queue=queues, received=received_from(aws, prefix), rung=rung)


def test_events_arrive_as_they_were_told_in_the_order_of_the_run(case: Case) -> None:
    told: Sequence[Sequence[Event]] = [(started(), finished()), (Ticked(at=later(1)),), (finished("s2"),)]
    for number, events in enumerate(told):
        case.queue.enqueue_events("run1", events, f"key{number}")
    assert case.received("events") == [Happened(run="run1", events=tuple(events)) for events in told]


def test_events_under_a_key_that_was_told_are_not_told_again(case: Case) -> None:
    for _ in range(2):
        case.queue.enqueue_events("run1", (started(),), "a key of any length " * 20)
        case.queue.enqueue_tick("run1", "go on")
        case.queue.enqueue_tick("run2", "go on")
    run1, run2 = LookAtRun(run="run1"), LookAtRun(run="run2")
    received = case.received("events")
    assert sorted(received, key=repr) == sorted((Happened(run="run1", events=(started(),)), run1, run2), key=repr)


def test_what_happens_to_several_runs_arrives_at_each_of_them_once(case: Case) -> None:
    runs = [f"run{number}" for number in range(23)]
    for _ in range(2):
        case.queue.enqueue_for_each(runs, (started(),), "overtaken")
    received = case.received("events")
    assert sorted(received, key=repr) == sorted((Happened(run=one, events=(started(),)) for one in runs), key=repr)


def test_what_happens_to_many_runs_is_one_message_which_says_them(case: Case) -> None:
    many = tuple(f"run{number}" for number in range(11))
    for _ in range(2):
        case.queue.enqueue_for_all(many, (started(),), "overtaken")
    assert case.received("events") == [HappenedToEach(runs=many, events=(started(),), key="overtaken")]


def test_what_happens_to_few_runs_needs_no_message_that_says_them(case: Case) -> None:
    case.queue.enqueue_for_all(["run0"], (started(),), "overtaken")
    assert case.received("events") == [Happened(run="run0", events=(started(),))]


def test_who_asks_for_a_dispatch_up_to_one_number_is_heard_once_and_in_order(case: Case) -> None:
    for number in (7, 8, 7):
        case.queue.enqueue_dispatch(number)
    assert case.received("events") == [DispatchEvents(since=7), DispatchEvents(since=8)]


def test_a_wake_and_a_watch_whose_time_has_come_arrive(case: Case) -> None:
    case.queue.wake("run1", NOON)
    case.queue.schedule_job_check("run1.1.s1.1", later(-60))
    assert case.received("timers") == [LookAtRun(run="run1"), LookAtJob(job="run1.1.s1.1")]


def test_a_wake_in_more_than_fifteen_minutes_is_left_to_the_due_index(case: Case) -> None:
    case.queue.wake("run1", later(901))
    case.queue.schedule_job_check("job", later(901))
    assert case.received("timers") == []


def test_what_a_sweep_finds_arrives_as_if_it_were_sent_one_by_one(case: Case) -> None:
    ids = [str(number) for number in range(9)]
    case.queue.enqueue_due(DueKind.RUN, [Due(id="late", at=later(901)), *(Due(id=one, at=NOON) for one in ids)])
    for kind in (DueKind.JOB, DueKind.WORKLOAD, DueKind.TRAIN, DueKind.DELIVERY):
        case.queue.enqueue_due(kind, [Due(id="7", at=NOON), Due(id="8", at=later(901))])
    case.queue.enqueue_due(DueKind.RUN, [Due(id="late", at=later(901))])
    checks = [
        LookAtJob(job="7"),
        *(LookAtRun(run=one) for one in ids),
        LookAtTrain(train=7),
        LookAtWorkload(workload="7"),
    ]
    assert sorted(case.received("timers"), key=repr) == checks
    assert case.received("effects") == [AttemptDelivery(delivery="7")]


def test_an_effect_for_another_system_arrives(case: Case) -> None:
    case.queue.enqueue_external_call("run1", EFFECT, "web")
    assert case.received("effects") == [PerformExternalCall(run="run1", effect=EFFECT)]


def test_what_is_owed_arrives_when_it_is_due(case: Case) -> None:
    case.queue.schedule_delivery("owed1", NOON)
    case.queue.schedule_delivery("owed2", later(901))
    assert case.received("effects") == [AttemptDelivery(delivery="owed1")]


def test_a_check_of_a_package_has_a_queue_of_its_own(case: Case) -> None:
    case.queue.schedule_package_check("check1", NOON, "web")
    assert case.received("checks") == [AttemptDelivery(delivery="check1")]


def test_news_for_a_viewer_arrive_once_and_in_order(case: Case) -> None:
    for key in ("1", "1", "2"):
        case.queue.enqueue_log_update("viewer", key)
    assert case.received("live") == [PushLog(connection="viewer")] * 2


def test_a_message_within_fifteen_minutes_is_sent_with_its_delay(aws: Aws, prefix: str) -> None:
    resources.create_queues(aws, prefix)
    queues = Queues(aws, prefix, lambda: NOON)
    queues.wake("run1", later(1))
    assert received_from(aws, prefix)("timers") == []
    timers = next(queue for queue in resources.QUEUES if queue.name == "timers")
    url = resources.queue_url(aws, prefix, timers)
    late = aws.call("sqs", "ReceiveMessage", {"QueueUrl": url, "WaitTimeSeconds": 3})["Messages"]
    assert [read(message["Body"]) for message in late] == [LookAtRun(run="run1")]


@pytest.mark.parametrize("case", ["sqs"], indirect=True)
def test_whoever_reads_a_queue_is_rung(case: Case) -> None:
    case.queue.enqueue_tick("run1", "1")
    case.queue.wake("run1", NOON)
    case.queue.enqueue_external_call("run1", EFFECT, "web")
    assert [name.partition("-")[2] for name in case.rung] == ["events.fifo", "timers", "effects"]


@pytest.mark.parametrize("case", ["sqs"], indirect=True)
def test_nobody_is_rung_for_a_message_that_is_not_due_yet(case: Case) -> None:
    case.queue.schedule_job_check("run1.1.s1.1", later(25))
    case.queue.schedule_delivery("owed1", later(1))
    assert case.rung == []


@pytest.mark.parametrize("case", ["sqs"], indirect=True)
def test_a_message_that_no_queue_takes_is_too_large(case: Case) -> None:
    plan = a_plan(*(a_chain(1) for _ in range(3)))
    big = PlanReplaced(at=NOON, plan=type(plan)(**{**vars(plan), "inputs": {"text": "x" * 300_000}}), by="ada")
    with pytest.raises(TooLarge, match=r"a message for queue events\.fifo"):
        case.queue.enqueue_events("run1", (big,), "key")


@pytest.mark.parametrize(
    ("at", "seconds"),
    [(NOON, 0), (later(-5), 0), (NOON + timedelta(milliseconds=1), 1), (later(5), 5), (later(5.2), 6)],
)
def test_a_delay_never_ends_before_its_time(at: datetime, seconds: int) -> None:
    assert delay_seconds(NOON, at) == seconds


def test_every_message_is_read_as_it_was_written() -> None:
    message = Happened(run="run1", events=(started(), finished(outputs={"release": "web/shop-v1.0"})))
    assert read(written(message)) == message


def test_a_message_says_its_format_and_one_of_0_1_said_none() -> None:
    message = LookAtRun(run="run1")
    plain = json.loads(written(message))

    assert plain.pop("format") == FORMAT
    assert read(json.dumps(plain)) == message


def test_a_message_of_a_newer_format_is_not_read_in_part() -> None:
    body = json.dumps({**json.loads(written(LookAtRun(run="run1"))), "format": FORMAT + 1, "unknown": True})

    with pytest.raises(Unavailable, match="it waits for the release that wrote it"):
        read(body)


@pytest.mark.parametrize(
    "body", ["", "{}", "[]", "null", '{"_":"Other"}', '{"_":"LookAtRun"}', '{"_":"Happened","run":"a"}']
)
def test_what_is_not_a_message_is_invalid(body: str) -> None:
    with pytest.raises(Invalid, match="not a message of ours"):
        read(body)


def test_a_received_message_that_is_put_off_comes_again_then(aws: Aws, prefix: str) -> None:
    resources.create_queues(aws, prefix)
    queues = Queues(aws, prefix, lambda: NOON)
    queues.wake("run1", NOON)
    timers = next(queue for queue in resources.QUEUES if queue.name == "timers")
    asked = {"QueueUrl": resources.queue_url(aws, prefix, timers)}
    (first,) = aws.call("sqs", "ReceiveMessage", asked)["Messages"]
    assert not aws.call("sqs", "ReceiveMessage", asked).get("Messages")
    queues.delay_message(f"{prefix}timers", first["ReceiptHandle"], 0)
    (again,) = aws.call("sqs", "ReceiveMessage", asked)["Messages"]
    assert again["MessageId"] == first["MessageId"]


def test_calls_are_grouped_by_project_so_that_these_take_turns(aws: Aws, prefix: str) -> None:
    resources.create_queues(aws, prefix)
    queues = Queues(aws, prefix, lambda: NOON)
    for number in range(3):
        queues.enqueue_external_call(f"run{number}", EFFECT, "web")
    queues.schedule_delivery("owed1", NOON, "shop")
    queue = next(queue for queue in resources.QUEUES if queue.name == "effects")
    asked = {"QueueUrl": resources.queue_url(aws, prefix, queue), "AttributeNames": ["MessageGroupId"]}

    groups = [aws.call("sqs", "ReceiveMessage", asked)["Messages"][0]["Attributes"]["MessageGroupId"] for _ in "1234"]

    assert [groups[0] == group for group in groups] == [True, False, True, True]

"""What a sweep takes: at rest, where each call is counted, and of 10,000 schedules that open at one instant."""

import contextlib
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from chalicelib.adapter_context import AdapterContext, Process
from chalicelib.adapters import ports_on
from chalicelib.aws.calls import Answer, Aws, AwsRequest, Send
from chalicelib.functions.sweep import WHOLE, Minutes, Turn, sweep, whole
from chalicelib.store.dynamo.due_memory import DueMemory
from chalicelib.store.dynamo.key_parts import milliseconds
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs import keys
from chalicelib.use_cases.enqueue_due import BATCH, PAGE
from chalicelib.use_cases.ports.bundle import Settings
from chalicelib.use_cases.ports.runs import SHARDS
from infra import resources
from infra.local.functions import CLOUD
from infra.local.settings import for_children, read
from tests.fakes.world import FakeWorld

SCHEDULES = 10_000
AHEAD = timedelta(seconds=90)
OTHERS = 50
"""Calls of a sweep that finds nothing: a query each for runs and jobs of a shard, and what it seals."""
A_SECOND_AT_REST = 12
"""Calls to AWS of the platform on one machine while nothing happens, where no minute ends."""
A_ROUND_REMEMBERED = 9
"""Calls of four seconds at rest, once it is known that nothing is due: of what stands in no shard."""


@dataclass(kw_only=True)
class Sweeper:
    """A sweep whose calls are counted. delays: seconds after which the messages that it sent are shown."""

    aws: Aws
    prefix: str
    world: FakeWorld = field(default_factory=FakeWorld)
    calls: Counter[str] = field(default_factory=Counter)
    process: Process = field(default_factory=Process)
    delays: list[int] = field(default_factory=list)

    def sweep(self, minutes: Minutes | None = None, turn: Turn = WHOLE) -> float:
        """Sweep once; return how many seconds that took."""
        client = Aws(endpoint=self.aws.endpoint, clock=self.aws.clock, interceptor=self._count)
        context = AdapterContext(
            aws=lambda: client, prefix=self.prefix, clock=self.world, ids=self.world, process=self.process
        )
        with contextlib.closing(client):
            begun = time.monotonic()
            whole(sweep(ports_on(context, Settings(sweep_ahead=AHEAD)), minutes, turn=turn))
            return time.monotonic() - begun

    def _count(self, ask: AwsRequest, send: Send) -> Answer:
        self.calls[f"{ask.service} {ask.operation}"] += 1
        if ask.operation == "SendMessageBatch":
            self.delays += [entry["DelaySeconds"] for entry in ask.arguments["Entries"]]
        return send(ask)


@pytest.fixture
def at_rest(aws: Aws, prefix: str) -> Sweeper:
    resources.create_tables(aws, prefix)
    resources.create_queues(aws, prefix)
    return Sweeper(aws=aws, prefix=prefix)


@pytest.fixture
def sweeper(at_rest: Sweeper) -> Sweeper:
    made = at_rest
    opens = milliseconds(made.world.now() + timedelta(seconds=60))
    names = [f"run{number}" for number in range(SCHEDULES)]
    due = [
        {**keys.run_key(name)._asdict(), "due_shard": keys.due_shard("run", name), "due_at": opens} for name in names
    ]
    Tables(aws=made.aws, prefix=made.prefix).of(keys.RUNS).write_many(due)
    return made


def test_all_schedules_of_an_instant_are_on_their_way_before_it(sweeper: Sweeper) -> None:
    seconds = sweeper.sweep()

    assert sweeper.delays == [60] * SCHEDULES, "each is shown when it opens, whenever it was sent"
    assert seconds < 30


def test_that_takes_a_call_for_ten_of_them(sweeper: Sweeper) -> None:
    sweeper.sweep()

    # A shard's last page and last batch may be short.
    assert sweeper.calls["sqs SendMessageBatch"] <= SCHEDULES // BATCH + SHARDS
    assert sweeper.calls["sqs SendMessage"] == 0
    assert sweeper.calls["dynamodb Query"] <= SCHEDULES // PAGE + SHARDS + OTHERS


def test_a_second_at_rest_takes_few_calls_on_one_machine(at_rest: Sweeper) -> None:
    (schedule,) = CLOUD.schedules
    minutes, spent = Minutes(), []
    at_rest.sweep(minutes)
    at_once = at_rest.calls.total()
    for number in range(schedule.turns):
        at_rest.calls.clear()
        at_rest.sweep(minutes, Turn(number=number, of=schedule.turns))
        spent.append(at_rest.calls.total())

    assert schedule.every == timedelta(seconds=1)
    assert max(spent) <= A_SECOND_AT_REST, spent
    assert 2 * SHARDS < sum(spent) <= at_once, "all turns are a whole sweep, without what is done once a minute"


def test_what_is_known_not_to_be_due_is_not_looked_for_on_one_machine(at_rest: Sweeper) -> None:
    (schedule,) = CLOUD.schedules
    minutes, rounds = Minutes(), []
    at_rest.process = Process(is_alone=True, due=DueMemory())
    for _ in range(3):
        at_rest.calls.clear()
        for number in range(schedule.turns):
            at_rest.sweep(minutes, Turn(number=number, of=schedule.turns))
        rounds.append(at_rest.calls.total())

    assert rounds[0] > 2 * SHARDS
    assert max(rounds[1:]) <= A_ROUND_REMEMBERED, rounds


def test_a_whole_round_of_turns_comes_before_what_one_of_them_looked_ahead_to() -> None:
    (schedule,) = CLOUD.schedules
    ahead = float(for_children(read({}), {})["SLIPWAY_SWEEP_AHEAD_SECONDS"])
    assert ahead > schedule.every.total_seconds() * (schedule.turns + 1)

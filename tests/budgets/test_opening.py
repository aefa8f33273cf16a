"""10,000 schedules that open at one instant: the functions that begin them do so within 30 s, by counted calls."""

import contextlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from chalicelib.adapter_context import AdapterContext
from chalicelib.adapters import ports_on
from chalicelib.aws.calls import Answer, Aws, AwsRequest, Send
from chalicelib.functions import advance
from chalicelib.gateways.queues import written
from chalicelib.kernel.engine.message import LookAtRun
from chalicelib.kernel.plans.work import Job, JobKind, Wait
from chalicelib.use_cases.ports.bundle import Settings
from chalicelib.use_cases.runs.advance import start_run
from infra import resources
from infra.package.functions import FUNCTIONS
from tests.builders import ORIGIN, a_gate, a_plan, a_stage, a_step
from tests.fakes.world import FakeWorld

SCHEDULES = 10_000
A_CALL = 0.006
"""Seconds that a call to DynamoDB or SQS takes from a function, at most for nine of ten."""

SECONDS = 30
MOST_CALLS = 6
"""Of each run: read and looked after, its stage begun by one transaction, its first job stored."""

(TIMERS,) = (source for one in FUNCTIONS for source in one.sources if source.queue == "timers")
MINUTE = Wait(duration=timedelta(seconds=60))


@dataclass
class Counted:
    """Calls, by service and operation."""

    calls: Counter[str] = field(default_factory=Counter)

    def __call__(self, ask: AwsRequest, send: Send) -> Answer:
        self.calls[f"{ask.service} {ask.operation}"] += 1
        return send(ask)


def test_all_schedules_of_an_instant_begin_within_half_a_minute(aws: Aws, prefix: str) -> None:
    resources.create_tables(aws, prefix)
    resources.create_queues(aws, prefix)
    counted, world = Counted(), FakeWorld()
    client = Aws(endpoint=aws.endpoint, clock=aws.clock, interceptor=counted)
    context = AdapterContext(aws=lambda: client, prefix=prefix, clock=world, ids=world)
    with contextlib.closing(client):
        ports = ports_on(context, Settings())
        gated = a_stage(gates=(a_gate(work=MINUTE),), steps=(a_step(work=Job(kind=JobKind.SCRIPT)),))
        names = [f"run{number}" for number in range(TIMERS.batch + 1)]
        for name in names:
            start_run(ports, a_plan(gated, run=name), origin=ORIGIN)
        world.move(timedelta(seconds=61))
        # The first finds out what a function asks once: of queues and the like.
        first, batch = names[:1], names[1:]
        advance.work_off(ports, opened(first))
        counted.calls.clear()

        assert advance.work_off(ports, opened(batch)) == {"batchItemFailures": []}
        calls = counted.calls.total()
        phases = {ports.runs.run(name).stages[0].phase.value for name in names}

    seconds = SCHEDULES / TIMERS.batch / TIMERS.most * calls * A_CALL
    assert phases == {"running"}
    assert calls <= MOST_CALLS * len(batch), counted.calls
    assert seconds < SECONDS


def opened(runs: list[str]) -> dict[str, object]:
    """The messages of the timers of these runs, as a function receives them."""
    return {"Records": [{"messageId": name, "body": written(LookAtRun(run=name)), "attributes": {}} for name in runs]}

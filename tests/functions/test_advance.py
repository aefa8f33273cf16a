"""What a batch of the queues does when others are at work on the same run."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import pytest

from chalicelib.functions.advance import work_off
from chalicelib.gateways.queues import written
from chalicelib.kernel.engine.message import DispatchEvents, Happened, HappenedToEach, LookAtJob
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Unavailable
from chalicelib.kernel.feed.occurrence import Occurrence
from chalicelib.kernel.plans.work import Job, JobKind
from chalicelib.kernel.projects.project import Project
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.jobs_beside import NO_JOBS, JobsBeside
from chalicelib.use_cases.runs.advance import start_run
from chalicelib.use_cases.subscriptions.outgoing_webhooks import CreateWebhook, create_webhook
from tests.builders import NOON, ORIGIN, a_gate, a_plan, a_stage, a_step, an_entry, finished
from tests.fakes.runs import FakeRuns
from tests.use_cases.access.access_ports import ROOT
from tests.use_cases.house import House


class RivalledRuns(FakeRuns):
    """Somebody else commits before each commit, as often as told."""

    def __init__(self) -> None:
        super().__init__()
        self.rivals = 0

    def commit(self, run: Run, occurred: Sequence[Occurrence] = (), jobs: JobsBeside = NO_JOBS) -> Run:
        if self.rivals:
            self.rivals -= 1
            self.kept[run.id] = replace(self.kept[run.id], version=self.kept[run.id].version + 1)
        return super().commit(run, occurred, jobs)


def a_batch(house: House) -> tuple[str, dict[str, object]]:
    run = start_run(house.ports, a_plan(a_stage(steps=(a_step(work=Job(kind=JobKind.SCRIPT)),))), origin=ORIGIN)
    body = written(Happened(run=run.id, events=(finished(at=house.world.now()),)))
    return run.id, {"Records": [{"messageId": "m1", "body": body, "attributes": {"MessageGroupId": "g"}}]}


def test_a_batch_whose_rivals_are_faster_is_folded_at_once_and_not_a_second_later() -> None:
    house = House(runs=(runs := RivalledRuns()))
    run, batch = a_batch(house)
    runs.rivals = 2

    assert work_off(house.ports, batch) == {"batchItemFailures": []}
    assert house.runs.run(run).phase is Phase.SUCCEEDED


def test_a_batch_whose_rivals_never_rest_comes_again() -> None:
    house = House(runs=(runs := RivalledRuns()))
    _, batch = a_batch(house)
    runs.rivals = 100

    assert work_off(house.ports, batch) == {"batchItemFailures": [{"itemIdentifier": "m1"}]}


def test_a_message_waits_for_one_of_its_run_that_failed_though_others_stand_between() -> None:
    house = House()
    run, batch = a_batch(house)
    (good,) = cast("list[dict[str, object]]", batch["Records"])
    bad = {**good, "messageId": "m0", "body": "no message of ours"}
    other = {"messageId": "x", "body": written(LookAtJob(job="none")), "attributes": {"MessageGroupId": "other"}}

    failed = work_off(house.ports, {"Records": [bad, other, good]})["batchItemFailures"]
    assert [one["itemIdentifier"] for one in failed] == ["m0", "m1"]
    assert not house.runs.run(run).is_final


def test_what_happened_to_many_runs_is_handed_to_each_of_them() -> None:
    house, runs = House(), ("run1", "run2")
    body = written(HappenedToEach(runs=runs, events=(finished(),), key="overtaken"))

    assert work_off(house.ports, {"Records": [{"messageId": "m", "body": body}]}) == {"batchItemFailures": []}
    assert house.queue.messages("events") == [Happened(run=run, events=(finished(),)) for run in runs]


def test_a_message_for_a_run_that_was_removed_is_done_with() -> None:
    house = House()
    run, batch = a_batch(house)
    house.runs.forget(house.runs.run(run))

    assert work_off(house.ports, batch) == {"batchItemFailures": []}


def test_a_failed_message_comes_again_soon_and_each_time_later() -> None:
    house = House()
    _, batch = a_batch(house)
    (good,) = cast("list[dict[str, object]]", batch["Records"])
    source = {"eventSourceARN": "arn:aws:sqs:eu-central-1:1:acme-events.fifo", "body": "no message of ours"}
    bad = [
        {**good, **source, "messageId": f"m{tries}", "receiptHandle": f"r{tries}", "attributes": a_try(tries)}
        for tries in (1, 2, 3, 7, 30)
    ]

    failed = work_off(house.ports, {"Records": bad})["batchItemFailures"]

    assert len(failed) == 5
    queue = "acme-events.fifo"
    assert house.queue.later == [
        (queue, "r1", 1),
        (queue, "r2", 1),
        (queue, "r3", 2),
        (queue, "r7", 32),
        (queue, "r30", 60),
    ]


def a_try(tries: int) -> dict[str, str]:
    return {"MessageGroupId": f"g{tries}", "ApproximateReceiveCount": str(tries)}


def test_a_message_that_cannot_be_put_off_comes_again_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    bad = {"messageId": "m", "body": "rubbish", "receiptHandle": "r", "attributes": {}}

    def refuse(*_: object) -> None:
        raise Unavailable("sqs does not answer")

    monkeypatch.setattr(house.queue, "delay_message", refuse)
    assert work_off(house.ports, {"Records": [bad]}) == {"batchItemFailures": [{"itemIdentifier": "m"}]}


def test_what_occurred_is_sent_to_webhooks_once_however_many_ask_for_it() -> None:
    house = House()
    house.ports.projects.create(Project(name="web", created_at=NOON), an_entry())
    origin = Origin(by=ROOT, at=house.world.now(), seed="one")
    create_webhook(house.ports, CreateWebhook(origin=origin, url="https://hooks.example.org/in", project="web"))
    start_run(house.ports, a_plan(a_stage(gates=(a_gate(),))), origin=ORIGIN)
    asking = [written(DispatchEvents(since=number)) for number in (1, 2)]
    records = [
        {"messageId": f"m{place}", "body": body, "attributes": {"MessageGroupId": "feed"}}
        for place, body in enumerate(asking)
    ]

    assert work_off(house.ports, {"Records": records}) == {"batchItemFailures": []}
    sent = list(house.outbox.due(house.world.now(), 100))
    assert len(sent) == len(house.feed.all) > 0

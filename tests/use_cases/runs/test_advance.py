"""Moving runs, on fakes: rounds, rivals, acknowledgements and what is owed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.engine import job as jobs
from chalicelib.kernel.engine.events import Approved, CancelRequested, Outcome, RunRetried, Ticked
from chalicelib.kernel.engine.message import PerformExternalCall
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict, Stale, Unavailable
from chalicelib.kernel.feed.occurrence import Occurrence
from chalicelib.kernel.plans.plan import Concurrency, Policy, Train
from chalicelib.kernel.plans.work import CallWebhook, Job, JobKind, Schedule, Wait
from chalicelib.use_cases.outgoing_slots import FULL, OF_A_SYSTEM
from chalicelib.use_cases.ports.access import AuditSearch
from chalicelib.use_cases.ports.call_slots import Slot
from chalicelib.use_cases.ports.clock import Called
from chalicelib.use_cases.ports.jobs_beside import NO_JOBS, JobsBeside
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.advance import advance_run, apply_or_enqueue, decide, start_run
from chalicelib.use_cases.runs.outgoing_calls import LONGEST_TRYING, perform_external_call
from tests.builders import NOON, ORIGIN, a_chain, a_gate, a_plan, a_stage, a_step, with_policy
from tests.use_cases.house import House

SCRIPT = Job(kind=JobKind.SCRIPT)
PAGE = Page(size=50)


@pytest.fixture
def house() -> House:
    """A house in which nothing has happened."""
    return House()


def test_a_chain_of_steps_runs_to_its_end_at_once(house: House) -> None:
    run = start_run(house.ports, a_plan(a_chain(5)), origin=ORIGIN)
    assert run.phase is Phase.SUCCEEDED
    assert run.pending_effects == ()


def test_a_long_chain_goes_on_through_the_queue(house: House) -> None:
    begun = start_run(house.ports, a_plan(a_chain(50)), origin=ORIGIN)
    assert begun.phase is Phase.RUNNING
    house.work_off()
    assert house.runs.run("run1").phase is Phase.SUCCEEDED


def test_a_crowd_of_effects_keeps_nobody_waiting_and_goes_on_through_the_queue(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.jobs, "create", SlowJobs(house).create)
    steps = tuple(a_step(f"s{number}", SCRIPT) for number in range(12))
    began = house.world.now()
    start_run(house.ports, a_plan(a_stage(steps=steps)), origin=ORIGIN)
    assert house.world.now() - began <= timedelta(seconds=4)
    assert 0 < len(house.lease(slots=50)) < 12
    house.work_off()
    assert {house.node("run1", step.key).phase for step in steps} == {Phase.RUNNING}


def test_starting_a_plan_twice_starts_one_run(house: House) -> None:
    plan = a_plan(a_stage(steps=(a_step(work=SCRIPT),)))
    first = start_run(house.ports, plan, origin=ORIGIN)
    assert start_run(house.ports, plan, origin=ORIGIN) == first


def test_a_step_on_a_machine_waits_for_its_runner(house: House) -> None:
    house.start(a_plan(a_stage(steps=(a_step(work=SCRIPT),))))
    assert house.node("run1", "s1").phase is Phase.RUNNING
    (leased,) = house.lease()
    job = house.finish(leased)
    assert house.runs.run("run1").phase is Phase.SUCCEEDED
    assert house.jobs.job(job.id).acknowledged


def test_a_person_opens_a_gate_once(house: House) -> None:
    house.start(a_plan(a_stage(gates=(a_gate(),))))
    act = Approved(at=NOON, execution=1, node="g1", attempt=1, by="bob", notes="fine")
    run = decide(house.ports, house.ports.runs.run("run1"), act)
    assert run.phase is Phase.SUCCEEDED
    with pytest.raises(Conflict, match="does not wait"):
        decide(house.ports, house.ports.runs.run("run1"), act)
    found = house.audits.find(AuditSearch(project="web"), PAGE).entries
    assert [entry.act for entry in found] == ["began-run", "approved"]


def test_a_machine_s_fact_goes_to_the_queue_after_one_conflict(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.start(a_plan(a_stage(gates=(a_gate(work=Wait(duration=timedelta(seconds=5))),))))
    house.world.move(timedelta(seconds=5))
    rival = Rival(house)
    monkeypatch.setattr(house.runs, "commit", rival.commit)
    apply_or_enqueue(house.ports, "run1", (Ticked(at=house.world.now()),), key="tick")
    assert len(house.queue.messages("events")) == 1
    house.work_off()
    assert house.runs.run("run1").phase is Phase.SUCCEEDED


def test_what_is_remembered_of_a_run_leads_to_a_commit_or_to_a_read(house: House) -> None:
    waits = a_plan(a_stage(gates=(a_gate(work=Wait(duration=timedelta(seconds=5))),)))
    house.start(waits)
    house.runs.remembered["run1"] = house.runs.run("run1")
    house.world.move(timedelta(seconds=5))
    tick = Ticked(at=house.world.now())
    assert advance_run(house.ports, "run1", (tick,)).phase is Phase.SUCCEEDED
    # Out of date by now: its commit is refused, and the run is read.
    assert advance_run(house.ports, "run1", (tick,)) == house.runs.run("run1")
    assert house.runs.run("run1").phase is Phase.SUCCEEDED


def test_a_remembered_run_that_an_event_does_not_move_is_read(house: House) -> None:
    house.start(a_plan(a_stage(gates=(a_gate(work=Wait(duration=timedelta(seconds=5))),))))
    house.runs.remembered["run1"] = replace(house.runs.run("run1"), ended_at=NOON, phase=Phase.FAILED)
    house.world.move(timedelta(seconds=5))
    assert advance_run(house.ports, "run1", (Ticked(at=house.world.now()),)).phase is Phase.SUCCEEDED


def test_a_person_s_act_is_tried_again_against_rivals(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.start(a_plan(a_stage(gates=(a_gate(),))))
    rival = Rival(house)
    monkeypatch.setattr(house.runs, "commit", rival.commit)
    run = decide(house.ports, house.ports.runs.run("run1"), CancelRequested(at=NOON, by="bob"))
    assert run.phase is Phase.CANCELLED


def test_a_person_s_act_outlasts_rivals_on_a_slow_machine(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.start(a_plan(a_stage(gates=(a_gate(),))))
    rival = Rival(house, times=8, seconds=0.4)
    monkeypatch.setattr(house.runs, "commit", rival.commit)
    run = decide(house.ports, house.ports.runs.run("run1"), CancelRequested(at=NOON, by="bob"))
    assert run.phase is Phase.CANCELLED


def test_a_person_s_act_is_given_up_at_its_own_deadline(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.start(a_plan(a_stage(gates=(a_gate(),))))
    house.world.move(timedelta(seconds=20))
    rival = Rival(house, times=10, seconds=2)
    monkeypatch.setattr(house.runs, "commit", rival.commit)
    with pytest.raises(Stale, match="changing too fast, try again"):
        decide(house.ports, house.ports.runs.run("run1"), CancelRequested(at=NOON, by="bob"))
    assert rival.times == 8


def test_a_person_whose_rivals_leave_no_room_may_ask_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.start(a_plan(a_stage(gates=(a_gate(),))))
    rival = Rival(house, times=10_000)
    monkeypatch.setattr(house.runs, "commit", rival.commit)
    with pytest.raises(Stale, match="changing too fast, try again"):
        decide(house.ports, house.ports.runs.run("run1"), CancelRequested(at=NOON, by="bob"))


class Rival:
    """Is faster so many times. seconds: that each of them takes."""

    def __init__(self, house: House, times: int = 1, seconds: float = 0) -> None:
        self.commits, self.times, self.seconds, self.world = house.runs.commit, times, seconds, house.world

    def commit(self, run: Run, occurred: Sequence[Occurrence] = (), jobs: JobsBeside = NO_JOBS) -> Run:
        """Refuse the first times, as if somebody else had been there."""
        if self.times:
            self.times -= 1
            self.world.move(timedelta(seconds=self.seconds))
            raise Stale("somebody was faster")
        return self.commits(run, occurred, jobs)


class SlowJobs:
    """Takes a second to store a job."""

    def __init__(self, house: House) -> None:
        self.create_at_once, self.world = house.jobs.create, house.world

    def create(self, job: jobs.Job) -> jobs.Job:
        """The job stored, a second later."""
        self.world.move(timedelta(seconds=1))
        return self.create_at_once(job)


def test_a_schedule_opens_at_its_fire(house: House) -> None:
    house.start(a_plan(a_stage(gates=(a_gate(work=Schedule(cron="0 5 12 * * ?")),))))
    house.pass_time(299)
    assert house.runs.run("run1").phase is Phase.RUNNING
    house.pass_time(1)
    assert house.runs.run("run1").phase is Phase.SUCCEEDED
    assert house.node("run1", "g1").ended_at == NOON + timedelta(minutes=5)


def test_a_lost_message_is_made_good_by_the_sweep(house: House) -> None:
    house.start(a_plan(a_stage(gates=(a_gate(work=Wait(duration=timedelta(seconds=10))),))))
    house.queue.sent.clear()
    house.pass_time(10)
    assert house.runs.run("run1").phase is Phase.SUCCEEDED


def test_a_webhook_that_fails_is_called_again_until_it_answers(house: House) -> None:
    house.outside.answers = [Called(status=503), Called(status=200)]
    with pytest.raises(Exception, match="answered 503"):
        house.start(a_plan(a_stage(steps=(a_step(work=CallWebhook(url="https://example.com/hook")),))))
    house.pass_time(61)
    assert house.runs.run("run1").phase is Phase.SUCCEEDED
    assert {headers["idempotency-key"] for _, headers, _ in house.outside.posted} == {"run1.1.s1.1"}


def test_a_webhook_step_says_why_it_is_called_again_until_it_succeeded(house: House) -> None:
    house.outside.answers = [Called(status=503), Called(status=429), Called(status=200)]
    with pytest.raises(Unavailable, match="answered 503"):
        house.start(a_plan(a_stage(steps=(a_step(work=CallWebhook(url="https://example.com/hook")),))))
    said = [house.runs.run("run1").stages[0].nodes["s1"].reason]
    with pytest.raises(Unavailable, match="answered 429"):
        house.pass_time(61)
    said.append(house.runs.run("run1").stages[0].nodes["s1"].reason)
    house.pass_time(121)
    said.append(house.runs.run("run1").stages[0].nodes["s1"].reason)
    assert ["503" in said[0], "429" in said[1], said[2]] == [True, True, "answered 200"]


def test_of_two_that_perform_an_effect_at_once_one_calls(house: House) -> None:
    start_run(
        house.ports, a_plan(a_stage(steps=(a_step(work=CallWebhook(url="https://example.com/hook")),))), origin=ORIGIN
    )
    (message,) = house.queue.messages("effects")
    refused: list[Exception] = []

    class Slow:
        """While it answers, the same message is delivered to somebody else."""

        def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Called:
            try:
                house.deliver(message)
            except Unavailable as fault:
                refused.append(fault)
            return house.outside.post(url, headers, body)

    slow = replace(house.ports, outside=Slow())
    assert isinstance(message, PerformExternalCall)
    perform_external_call(slow, message.run, message.effect)
    assert len(refused) == 1
    assert len(house.outside.posted) == 1


def test_a_call_for_which_there_is_no_place_is_tried_again_by_whoever_comes_next(house: House) -> None:
    start_run(
        house.ports, a_plan(a_stage(steps=(a_step(work=CallWebhook(url="https://example.com/hook")),))), origin=ORIGIN
    )
    (message,) = house.queue.messages("effects")
    assert [sent.turn for sent in house.queue.sent if sent.queue == "effects"] == ["web example.com:https"]
    numbers = range(OF_A_SYSTEM)
    held = [house.ports.call_slots.take("example.com:https", numbers, str(n), NOON) for n in numbers]

    assert isinstance(message, PerformExternalCall)
    with pytest.raises(Unavailable, match=FULL):
        perform_external_call(house.ports, message.run, message.effect)
    for slot in held:
        assert isinstance(slot, Slot)
        house.ports.call_slots.free(slot)
    house.deliver(message)
    assert house.runs.run("run1").phase is Phase.SUCCEEDED


def test_a_call_for_which_there_is_no_place_for_long_is_given_up(house: House) -> None:
    run = start_run(
        house.ports, a_plan(a_stage(steps=(a_step(work=CallWebhook(url="https://example.com/hook")),))), origin=ORIGIN
    )
    (message,) = house.queue.messages("effects")
    house.world.move(LONGEST_TRYING)
    for number in range(OF_A_SYSTEM):
        house.ports.call_slots.take("example.com:https", [number], str(number), house.world.now())

    house.deliver(message)

    assert house.runs.run(run.id).phase is Phase.BROKEN
    assert house.node(run.id, "s1").reason == f"did not answer: {FULL}"


def test_an_exclusive_stage_waits_for_the_one_that_runs(house: House) -> None:
    stage = a_stage(steps=(a_step(work=SCRIPT),), exclusive=True)
    house.start(a_plan(stage, run="run1"))
    house.start(a_plan(stage, run="run2"))
    assert house.runs.run("run2").stages[0].phase is Phase.WAITING_LOCK
    (leased,) = house.lease(slots=2)
    house.finish(leased)
    second = house.runs.run("run2").stages[0]
    assert second.phase is Phase.RUNNING
    assert (second.fence or 0) > (house.runs.run("run1").stages[0].fence or 0)


def test_runs_that_queue_go_one_by_one(house: House) -> None:
    stage = a_stage(steps=(a_step(work=SCRIPT),))
    house.start(a_plan(stage, run="run1", concurrency=Concurrency.QUEUE))
    house.start(a_plan(stage, run="run2", concurrency=Concurrency.QUEUE))
    assert house.runs.run("run2").phase is Phase.WAITING_LOCK
    (leased,) = house.lease(slots=2)
    house.finish(leased, Outcome.FAILED)
    assert house.runs.run("run2").phase is Phase.RUNNING


def test_a_younger_run_that_passes_first_overtakes_the_older(house: House) -> None:
    stage = a_stage(gates=(a_gate(),))
    for number in (1, 2):
        house.start(a_plan(stage, run=f"run{number}", train=Train(name="web/release", number=number)))
    decide(house.ports, house.ports.runs.run("run2"), Approved(at=NOON, execution=1, node="g1", attempt=1, by="bob"))
    house.work_off()
    older = house.runs.run("run1")
    assert older.phase is Phase.SUPERSEDED
    assert "overtaken by run run2 (number 2) at the gates of one" in older.reason


def test_an_older_run_that_comes_late_to_a_mark_is_superseded(house: House) -> None:
    waiting = a_stage(steps=(a_step(work=SCRIPT),), key="first")
    last = a_stage(key="last")
    for number in (1, 2):
        house.start(a_plan(waiting, last, run=f"run{number}", train=Train(name="web/release", number=number)))
    older, younger = house.lease(slots=2)
    house.finish(younger)
    assert house.runs.run("run2").phase is Phase.SUCCEEDED
    house.finish(older)
    assert house.runs.run("run1").phase is Phase.SUPERSEDED


def test_an_older_run_that_comes_late_to_passed_gates_waits_for_nobody_s_word(house: House) -> None:
    waiting = a_stage(steps=(a_step(work=SCRIPT),), key="first")
    last = a_stage(key="last", gates=(a_gate(),))
    for number in (1, 2):
        house.start(a_plan(waiting, last, run=f"run{number}", train=Train(name="web/release", number=number)))
    older, younger = house.lease(slots=2)
    house.finish(younger)
    decide(house.ports, house.ports.runs.run("run2"), Approved(at=NOON, execution=2, node="g1", attempt=1, by="bob"))
    house.finish(older)
    late = house.runs.run("run1")
    assert late.phase is Phase.SUPERSEDED
    assert "overtaken by run run2 (number 2) at the gates of last" in late.reason


def test_a_cancelled_run_ends_when_its_work_has(house: House) -> None:
    house.start(a_plan(a_stage(steps=(a_step(work=SCRIPT), a_step("s2", SCRIPT)))))
    (leased,) = house.lease(slots=1)
    decide(house.ports, house.ports.runs.run("run1"), CancelRequested(at=NOON, by="bob"))
    assert house.runs.run("run1").phase is Phase.RUNNING
    assert house.node("run1", "s2").phase is Phase.CANCELLED
    house.finish(leased, Outcome.CANCELLED)
    assert house.runs.run("run1").phase is Phase.CANCELLED


def test_a_lost_runner_s_job_is_broken_within_30_s_and_tried_again(house: House) -> None:
    step = with_policy(a_step(work=SCRIPT), Policy(attempts=2))
    house.start(a_plan(a_stage(steps=(step,))))
    house.lease()
    house.pass_time(25)
    assert house.node("run1", "s1").attempt == 2
    (again,) = house.lease()
    house.finish(again)
    assert house.runs.run("run1").phase is Phase.SUCCEEDED


def test_a_lost_runner_s_late_words_change_nothing(house: House) -> None:
    house.start(a_plan(a_stage(steps=(a_step(work=SCRIPT),))))
    (leased,) = house.lease()
    house.pass_time(25)
    with pytest.raises(Conflict):
        house.finish(leased)
    assert house.runs.run("run1").phase is Phase.BROKEN


def test_a_retry_keeps_what_went_well(house: House) -> None:
    house.start(a_plan(a_stage(steps=(a_step(), a_step("s2", SCRIPT, needs=("s1",))))))
    (leased,) = house.lease()
    house.finish(leased, Outcome.FAILED)
    run = decide(house.ports, house.ports.runs.run("run1"), RunRetried(at=NOON, retries=0, by="bob"))
    assert run.stages[-1].nodes["s1"] == run.stages[0].nodes["s1"]
    (again,) = house.lease()
    house.finish(again)
    assert house.runs.run("run1").phase is Phase.SUCCEEDED


def test_advancing_by_nothing_commits_nothing(house: House) -> None:
    before = house.start(a_plan(a_stage(gates=(a_gate(),))))
    assert advance_run(house.ports, "run1", ()) == before

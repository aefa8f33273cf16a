"""The commit of a run brings the jobs that it offers and the end that moves it, or is one of the run alone."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from chalicelib.kernel.engine import job as kernel
from chalicelib.kernel.engine.effects import StartStep, step_id
from chalicelib.kernel.engine.events import CancelRequested, Outcome
from chalicelib.kernel.engine.job import Job as RunnersJob
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Unavailable
from chalicelib.kernel.feed.occurrence import Occurrence
from chalicelib.kernel.plans.work import Job, JobKind
from chalicelib.use_cases.ports.bundle import Settings
from chalicelib.use_cases.ports.jobs_beside import NO_JOBS, JobsBeside
from chalicelib.use_cases.runs.advance import advance_run, decide
from chalicelib.use_cases.runs.refold import refold_run
from tests.builders import NOON, a_plan, a_stage, a_step
from tests.use_cases.house import House

SCRIPT = Job(kind=JobKind.SCRIPT)
CHAIN = a_plan(a_stage(steps=tuple(a_step(f"s{n}", SCRIPT, needs=(f"s{n - 1}",) if n > 1 else ()) for n in (1, 2, 3))))
SECOND = StartStep(execution=1, node="s2", attempt=1)


@pytest.fixture
def house() -> House:
    return House()


def buried(house: House) -> RunnersJob:
    """A tombstone of the second step."""
    first = house.jobs.job("run1.1.s1.1")
    second = replace(first, id=step_id("run1", SECOND), node="s2", phase=kernel.JobPhase.WAITING, lease=None, leases=0)
    return house.jobs.create_tombstone(kernel.stopped(second, now=house.world.now()))


def test_a_step_ends_and_the_next_one_is_offered_by_one_commit(house: House) -> None:
    house.start(CHAIN)
    assert house.runs.run("run1").version == 0
    (first,) = house.lease()

    job = house.finish(first)

    run = house.runs.run("run1")
    assert (run.version, job.acknowledged, house.jobs.job(job.id)) == (1, True, job)
    assert [house.node("run1", key).phase for key in ("s1", "s2")] == [Phase.SUCCEEDED, Phase.RUNNING]
    assert [one.id for one in house.jobs.waiting("default", 9)] == [step_id("run1", SECOND)]
    assert refold_run(house.ports, "run1").differs == ()


def test_runners_that_wait_are_woken_once_it_is_committed(house: House) -> None:
    house.start(CHAIN)
    (first,) = house.lease()
    house.live.pushed.clear()

    house.finish(first)

    assert [message["job"] for _, message in house.live.pushed if "job" in message] == [step_id("run1", SECOND)]


def test_what_was_stopped_before_it_was_offered_is_not_begun(house: House) -> None:
    house.start(CHAIN)
    (first,) = house.lease()
    tombstone = buried(house)

    house.finish(first)

    assert house.node("run1", "s2").phase is Phase.CANCELLED
    assert house.jobs.job(tombstone.id).lease is None
    assert house.jobs.job(first.job.id).acknowledged


class Moving:
    """Commits a run of its own before it commits jobs with one."""

    def __init__(self, house: House) -> None:
        self.house, self.commit_now, self.is_first = house, house.runs.commit, True

    def commit(self, run: Run, occurred: Sequence[Occurrence] = (), jobs: JobsBeside = NO_JOBS) -> Run:
        if jobs and self.is_first:
            self.is_first = False
            decide(self.house.ports, self.house.runs.run(run.id), CancelRequested(at=NOON, by="bob"))
        return self.commit_now(run, occurred, jobs)


def test_a_run_that_was_cancelled_meanwhile_offers_nothing_and_hears_of_the_end(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.start(CHAIN)
    (first,) = house.lease()
    monkeypatch.setattr(house.runs, "commit", Moving(house).commit)

    house.finish(first)
    house.work_off()

    assert house.runs.run("run1").phase is Phase.CANCELLED
    assert list(house.jobs.kept) == [first.job.id]
    assert house.jobs.job(first.job.id).acknowledged


def test_an_end_is_kept_though_its_run_cannot_hear_of_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.start(CHAIN)
    (first,) = house.lease()

    def refuse(*_: object) -> Run:
        raise Unavailable("dynamodb does not answer")

    with monkeypatch.context() as broken:
        broken.setattr(house.runs, "commit", refuse)
        with pytest.raises(Unavailable):
            house.finish(first)

    kept = house.jobs.job(first.job.id)
    assert (kept.phase, kept.acknowledged) == (kernel.JobPhase.ENDED, False)
    assert house.finish(first).acknowledged
    assert house.node("run1", "s2").phase is Phase.RUNNING


def test_an_end_that_was_told_before_is_told_no_more(house: House) -> None:
    house.start(CHAIN)
    (first,) = house.lease()
    job = house.finish(first)

    assert house.finish(first) == job

    assert house.runs.run("run1").version == 1


def test_what_a_commit_cannot_bring_is_offered_after_it(house: House) -> None:
    house.runs.beside = 2
    house.start(a_plan(a_stage(steps=tuple(a_step(f"s{one}", SCRIPT) for one in range(3)))))

    assert house.runs.run("run1").version == 1
    assert len(house.lease(slots=9)) == 3


def test_a_step_of_a_pool_that_does_nothing_for_its_project_breaks_as_before(house: House) -> None:
    settings = Settings(pool_projects={"default": frozenset({"other"})})
    house.ports = replace(house.ports, settings=settings)
    house.start(CHAIN)

    assert house.node("run1", "s1").phase is Phase.BROKEN
    assert house.jobs.kept == {}


def test_a_job_of_which_the_run_knows_no_more_is_ended_alone(house: House) -> None:
    house.start(CHAIN)
    (first,) = house.lease()
    decide(house.ports, house.runs.run("run1"), CancelRequested(at=NOON, by="bob"))
    before = house.runs.run("run1")
    house.runs.kept["run1"] = replace(before, phase=Phase.CANCELLED, ended_at=NOON, pending_effects=(), stages=())

    job = house.finish(first, Outcome.FAILED)

    assert job.acknowledged
    assert house.runs.run("run1").phase is Phase.CANCELLED
    assert advance_run(house.ports, "run1", ()).phase is Phase.CANCELLED

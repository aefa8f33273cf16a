"""Ends of jobs as runners tell them."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine import job as kernel
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import JobPhase
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.faults import Invalid, TooLarge
from chalicelib.kernel.plans.work import Job, JobKind
from chalicelib.kernel.projects.deployment import Change, Deployment, StateCode, deployed
from chalicelib.use_cases.jobs.lease import Heartbeat, renew_lease
from chalicelib.use_cases.ports.jobs_beside import JobsBeside
from chalicelib.use_cases.ports.logs import Chunk
from chalicelib.use_cases.ports.projects import Deployments
from tests.builders import a_plan, a_stage, a_step
from tests.fakes.jobs import FakeJobs
from tests.use_cases.catalog_ports import CatalogHouse
from tests.use_cases.house import House

DEPLOY = Job(kind=JobKind.DEPLOY, ask={"release": "demo/app-v1.0", "deployment": "demo/app"})


@pytest.mark.parametrize("release", ["rubbish", "demo/app", "a/b/c-v1.0", "demo/app-v1.0\n"])
def test_an_end_that_names_no_release_is_refused_and_the_job_can_still_end(release: str) -> None:
    house = CatalogHouse()
    house.start(a_plan(a_stage(steps=(a_step(work=DEPLOY),))))
    (leased,) = house.lease()
    with pytest.raises(Invalid, match="release"):
        house.finish(leased, release=release)
    assert house.jobs.job(leased.job.id).phase is JobPhase.LEASED
    house.finish(leased, Outcome.BROKEN)
    assert house.runs.run("run1").phase is Phase.BROKEN


def test_a_log_is_sealed_though_the_check_that_its_lease_armed_was_lost() -> None:
    house = House()
    house.start(a_plan(a_stage(steps=(a_step(work=Job(kind=JobKind.SCRIPT)),))))
    (leased,) = house.lease()
    job, chunk = leased.job.id, Chunk(seq=1, at=house.world.now(), stream="out", text="hello")
    house.logs.append(job, 0, (chunk,))
    house.finish(leased)
    house.queue.sent.clear()
    assert house.logs.sealed == set()

    house.pass_time(180)

    assert house.logs.sealed == {job}
    assert house.jobs.job(job).sealed
    house.pass_time(60)
    assert house.queue.sent == []


def test_on_one_machine_a_lease_sends_no_message_and_a_sweep_finds_what_was_lost() -> None:
    house = House()
    house.jobs.is_exact = True
    house.start(a_plan(a_stage(steps=(a_step(work=Job(kind=JobKind.SCRIPT)),))))
    house.queue.sent.clear()
    (leased,) = house.lease()
    assert house.queue.sent == []

    house.pass_time(24)
    assert house.jobs.job(leased.job.id).phase is JobPhase.LEASED
    house.pass_time(1)

    assert house.jobs.job(leased.job.id).acknowledged
    assert house.runs.run("run1").phase is Phase.BROKEN
    house.pass_time(60)
    assert house.queue.sent == []


def test_on_one_machine_a_lease_that_is_renewed_is_found_by_the_next_sweep_once_it_is_lost() -> None:
    house = House()
    house.jobs.is_exact = True
    house.start(a_plan(a_stage(steps=(a_step(work=Job(kind=JobKind.SCRIPT)),))))
    (leased,) = house.lease()
    house.world.move(timedelta(seconds=20))
    house.ports.queue.schedule_job_check(leased.job.id, house.world.now() + timedelta(seconds=5))
    renew_lease(house.ports, Heartbeat(job=leased.job.id, token=leased.token, number=1))

    house.pass_time(10)
    assert house.jobs.job(leased.job.id).phase is JobPhase.LEASED
    house.pass_time(15)

    assert house.runs.run("run1").phase is Phase.BROKEN


@dataclass
class Small:
    """Deployments of which a change with more than so many outputs outgrows its record."""

    deployments: Deployments
    most: int

    def commit(self, before: Deployment, change: Change, entry: AuditEntry | None) -> Deployment:
        if len(change.outputs) > self.most:
            raise TooLarge("deployment#demo/app takes 400000 bytes, more than 390000")
        return self.deployments.commit(before, change, entry)

    def __getattr__(self, name: str) -> object:
        return getattr(self.deployments, name)


@pytest.mark.parametrize("most", [0, -1])
def test_a_deployment_that_outgrows_its_record_breaks_its_step_and_says_why(most: int) -> None:
    house = CatalogHouse()
    lent: Any = Small(house.ports.deployments, most)
    house.ports = replace(house.ports, deployments=lent)
    house.start(a_plan(a_stage(steps=(a_step(work=DEPLOY),))))
    (leased,) = house.lease()
    job = house.finish(leased, url="http://x", text="much")
    assert house.finish(leased, url="http://x", text="much") == job
    run = house.runs.run("run1")
    assert run.phase is Phase.BROKEN
    assert "cannot be recorded: deployment#demo/app takes 400000 bytes" in house.node("run1", "s1").reason
    assert job.acknowledged


def test_a_deployment_that_outgrew_its_record_stands_there_as_failed() -> None:
    house = CatalogHouse()
    lent: Any = Small(house.ports.deployments, 0)
    house.ports = replace(house.ports, deployments=lent)
    house.start(a_plan(a_stage(steps=(a_step(work=DEPLOY),))))
    (leased,) = house.lease()
    house.finish(leased, url="http://x")
    found = house.ports.deployments.find_deployment(leased.job.project, leased.job.environment, "demo/app")
    stage = deployed(found.state) if found is not None else None
    assert stage is not None
    assert stage.status is not None
    assert (stage.code, stage.calculated_outputs) == (StateCode.FAILURE, {})
    assert "cannot be recorded" in str(stage.status.data)


def test_a_job_that_outgrows_its_record_breaks_its_step() -> None:
    house = House(jobs=NoRoom())
    house.start(a_plan(a_stage(steps=(a_step(work=DEPLOY),))))
    run = house.runs.run("run1")
    assert (run.phase, house.node("run1", "s1").reason) == (Phase.BROKEN, "job run1.1.s1.1 outgrows its record")


class NoRoom(FakeJobs):
    """Jobs of which none can be stored."""

    def create(self, job: kernel.Job) -> kernel.Job:
        raise TooLarge(f"job {job.id} outgrows its record")

    def write_beside(self, beside: JobsBeside) -> None:
        for job in beside.new:
            self.create(job)
        super().write_beside(beside)

"""How many jobs of one project are done at once, where it sets a limit."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.engine.effects import step_id
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Ending, Job, JobPhase
from chalicelib.kernel.plans.plan import NodeAddress
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.projects.project import Project
from chalicelib.use_cases.jobs.lease import LeasedJob, LeaseJobs, lease_jobs
from tests.builders import NOON, later
from tests.use_cases.house import House


@pytest.fixture
def house() -> House:
    made = House()
    for project, most in (("crowd", 2), ("free", 0)):
        entry = AuditEntry(id=project, at=NOON, by="ada", act="added-project", subject=project)
        made.ports.projects.create(Project(name=project, created_at=NOON, max_jobs=most), entry)
        for number in range(1, 8):
            at = NodeAddress(execution=1, node=f"{project}{number}", attempt=1)
            job = Job(
                id=step_id(project, at),
                run=project,
                **at.as_fields(),
                kind=JobKind.SCRIPT,
                project=project,
                created_at=later(number),
            )
            made.jobs.create(job)
    return made


def leased(house: House, nonce: str, slots: int) -> Sequence[LeasedJob]:
    return lease_jobs(house.ports, LeaseJobs(pool="default", runner="r", slots=slots, nonce=nonce * 16))


def nodes(taken: Sequence[LeasedJob]) -> list[str]:
    return [one.job.node for one in taken]


def test_a_project_has_no_more_leased_than_it_allows_and_others_get_the_rest(house: House) -> None:
    assert nodes(leased(house, "a", 6)) == ["crowd1", "free1", "crowd2", "free2", "free3", "free4"]
    assert nodes(leased(house, "b", 2)) == ["free5", "free6"]
    assert nodes(leased(house, "c", 6)) == ["free7"]
    assert nodes(leased(house, "d", 6)) == []


def test_an_ended_job_makes_room_for_the_next_and_so_does_one_that_is_handed_back(house: House) -> None:
    first, _, second = leased(house, "a", 3)
    ending = Ending(outcome=Outcome.SUCCEEDED, at=later(20))

    house.jobs.save(replace(first.job, phase=JobPhase.ENDED, ending=ending))
    house.jobs.save(replace(second.job, phase=JobPhase.WAITING, lease=None))

    assert (first.job.node, second.job.node) == ("crowd1", "crowd2")
    assert nodes(leased(house, "b", 4)) == ["free2", "crowd2", "free3", "crowd3"]


def test_a_runner_that_wants_no_job_of_a_project_gets_those_of_others(house: House) -> None:
    ask = LeaseJobs(pool="default", runner="r", slots=3, nonce="a" * 16, without=frozenset({"free"}))
    alone = LeaseJobs(pool="default", runner="r", slots=3, nonce="b" * 16, without=frozenset({"free", "crowd"}))

    assert nodes(lease_jobs(house.ports, ask)) == ["crowd1", "crowd2"]
    assert nodes(lease_jobs(house.ports, alone)) == []

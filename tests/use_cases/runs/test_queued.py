"""Whoever reads a run sees which of its steps no runner has taken yet."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest

from chalicelib.kernel.definitions.run_request import child_id
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.plan import Parent, Policy
from chalicelib.kernel.plans.work import DefinitionKind, JobKind, RunDefinition
from chalicelib.kernel.plans.work import Job as JobWork
from chalicelib.use_cases.jobs.finish import return_job
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.read import ListRuns, get_run, list_runs
from tests.builders import a_plan, a_stage, a_step, an_entry, with_policy
from tests.fakes.jobs import FakeJobs
from tests.kernel.definitions.given import a_build
from tests.use_cases.catalog_ports import CatalogHouse
from tests.use_cases.house import House, held

SCRIPT = JobWork(kind=JobKind.SCRIPT)


def phase(house: House, run: str = "run1") -> Phase:
    (state,) = get_run(house.ports, run).run.stages[-1].nodes.values()
    return state.phase


@pytest.fixture
def house() -> House:
    return CatalogHouse()


def test_a_step_is_queued_until_a_runner_leases_its_job_and_again_when_it_is_handed_back(house: House) -> None:
    house.start(a_plan(a_stage(steps=(a_step(work=SCRIPT),))))
    seen = [phase(house)]
    (leased,) = house.lease(says_began=True)
    seen.append(phase(house))
    return_job(house.ports, held(leased))
    seen.append(phase(house))
    assert seen == [Phase.QUEUED, Phase.RUNNING, Phase.QUEUED]


@pytest.mark.parametrize(("attempts", "expected"), [(1, Phase.BROKEN), (2, Phase.QUEUED)])
def test_what_was_interrupted_is_done_again_only_where_attempts_are_left(
    house: House, attempts: int, expected: Phase
) -> None:
    house.start(a_plan(a_stage(steps=(with_policy(a_step(work=SCRIPT), Policy(attempts=attempts)),))))
    return_job(house.ports, held(house.lease()[0]))
    house.work_off()
    assert phase(house) is expected


def test_a_run_that_is_one_job_is_queued_as_a_whole(house: House) -> None:
    house.start(a_plan(a_stage(steps=(a_step(work=SCRIPT),))))
    (listed,) = list_runs(house.ports, ListRuns(project="web", kind=DefinitionKind.PIPELINE, page=Page()))
    assert (listed.phase, get_run(house.ports, "run1").phase) == (Phase.QUEUED, Phase.QUEUED)
    house.lease()
    assert get_run(house.ports, "run1").phase is Phase.RUNNING


def test_a_queued_step_says_why_where_one_run_is_read(house: House) -> None:
    house.start(a_plan(a_stage(steps=(a_step(work=SCRIPT),))))
    why = "no runner of pool default is up; none was seen in 7 days"
    seen = get_run(house.ports, "run1")
    assert (seen.reason, seen.run.stages[-1].nodes["s1"].reason) == (why, why)
    house.lease()
    assert get_run(house.ports, "run1").reason == ""


def test_a_step_that_runs_a_build_is_queued_with_it(house: House) -> None:
    build = a_build()
    house.ports.definitions.create(build, an_entry())
    work = RunDefinition(kind=DefinitionKind.BUILD, project="web", environment=build.environment, name=build.name)
    house.start(a_plan(a_stage(steps=(a_step(work=work),))))
    assert (phase(house), get_run(house.ports, "run1").phase) == (Phase.QUEUED, Phase.QUEUED)
    child = child_id(Parent(run="run1", execution=1, node="s1", attempt=1))
    assert get_run(house.ports, child).phase is Phase.QUEUED
    house.lease()
    assert (phase(house), get_run(house.ports, child).phase) == (Phase.RUNNING, Phase.RUNNING)


def test_ended_runs_are_listed_without_a_look_at_their_jobs(house: House) -> None:
    class Unread(FakeJobs):
        def find_jobs(self, job_ids: Collection[str]) -> Sequence[Job]:
            raise AssertionError(f"nobody asked for {job_ids}")

    house.start(a_plan())
    (seen,) = list_runs(
        replace(house.ports, jobs=Unread()), ListRuns(project="web", kind=DefinitionKind.PIPELINE, page=Page())
    )
    assert seen.phase is Phase.SUCCEEDED

"""Ends of jobs as runners tell them."""

import pytest

from chalicelib.kernel.events import Outcome
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.job import JobPhase
from chalicelib.kernel.phase import Phase
from chalicelib.kernel.work import Job, JobKind
from chalicelib.use_cases.ports_runs import Chunk
from tests.builders import a_plan, a_stage, a_step
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

    house.pass_time(60)

    assert house.logs.sealed == {job}
    assert house.jobs.job(job).sealed
    house.pass_time(60)
    assert house.queue.sent == []

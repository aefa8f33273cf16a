"""A drained runner is given no more jobs, ends what it holds, and may be given jobs again."""

import pytest

from chalicelib.kernel.explanation.hold import HoldKind
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.jobs.drain_runner import DrainRunner, drain_runner
from chalicelib.use_cases.jobs.lease import LeaseJobs, lease_jobs
from chalicelib.use_cases.runs.explain import ExplainRun, explain_run
from tests.use_cases.catalog_ports import ROOT, CatalogHouse, an_origin
from tests.use_cases.house import House
from tests.use_cases.jobs.test_frozen_jobs import a_script


def drain(house: House, *, goes_on: bool = False) -> bool:
    """Whether the runner is drained then."""
    command = DrainRunner(origin=an_origin(ROOT), pool="default", name="r1", goes_on=goes_on)
    return bool(drain_runner(house.ports, command).runner.drained_by)


def leased(house: House, runner: str = "r1") -> list[str]:
    nonce = f"nonce-of-sixteen-{house.world.secret()}"
    ask = LeaseJobs(pool="default", runner=runner, slots=1, nonce=nonce, capacity=1, busy=0)
    return [one.job.run for one in lease_jobs(house.ports, ask)]


@pytest.fixture
def house() -> House:
    """A runner that has spoken, and a job that waits."""
    made = CatalogHouse()
    assert leased(made) == []
    made.start(a_script(1))
    return made


def test_a_drained_runner_gets_no_job_and_others_do(house: House) -> None:
    assert drain(house)
    assert leased(house) == []
    (hold,) = explain_run(house.ports, ExplainRun(run="run1", by=ROOT)).holds
    assert (hold.kind, "was drained by root" in hold.reason) == (HoldKind.RUNNER, True)
    assert leased(house, "r2") == ["run1"]


def test_it_gets_jobs_again_when_it_goes_on(house: House) -> None:
    assert drain(house)
    assert not drain(house, goes_on=True)
    assert leased(house) == ["run1"]
    assert [one.act for one in house.audits.kept.values() if "runner" in one.act] == [
        "drained-runner",
        "resumed-runner",
    ]


def test_what_it_holds_it_ends(house: House) -> None:
    (held,) = house.lease()
    drain(house)
    assert house.finish(held).ending is not None


def test_an_unknown_runner_is_not_found(house: House) -> None:
    with pytest.raises(NotFound, match="no runner r9 of pool default"):
        drain_runner(house.ports, DrainRunner(origin=an_origin(ROOT), pool="default", name="r9"))

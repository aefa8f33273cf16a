"""Runners are noted by what they ask for, and shown to those whose jobs they do."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ADMIN, Level, role_in
from chalicelib.kernel.explanation.runner import Runner
from chalicelib.kernel.faults import Throttled
from chalicelib.kernel.plans.work import Job, JobKind
from chalicelib.use_cases.jobs.lease import LeaseJobs, lease_jobs, renew_lease
from chalicelib.use_cases.jobs.runners import RunnersQuery, list_runners
from chalicelib.use_cases.ports.bundle import Settings
from tests.builders import a_plan, a_stage, a_step
from tests.use_cases.house import House, held

ROOT = Principal(name="root", roles=frozenset({ADMIN}))
READER = Principal(name="bob", roles=frozenset({role_in("web", Level.READ)}))
STRANGER = Principal(name="sam", roles=frozenset({role_in("other", Level.OWNER)}))
NOBODY = Principal(name="nobody")
ASK = LeaseJobs(pool="default", runner="r1", slots=2, nonce="nonce-of-sixteen", capacity=2, busy=0, version="0.1.0")


@pytest.fixture
def house() -> House:
    house = House()
    house.start(a_plan(a_stage(steps=(a_step(work=Job(kind=JobKind.SCRIPT)),))))
    return house


def seen(house: House, by: Principal = ROOT, pool: str = "") -> list[Runner]:
    return [one.runner for one in list_runners(house.ports, RunnersQuery(by=by, pool=pool))]


def test_a_lease_tells_of_its_runner_and_a_heartbeat_how_busy_it_is(house: House) -> None:
    (leased,) = lease_jobs(house.ports, ASK)
    known = Runner(pool="default", name="r1", seen_at=house.world.now(), slots=2, busy=1, version="0.1.0")
    assert seen(house) == [known]
    house.world.move(timedelta(seconds=16))
    renew_lease(house.ports, replace(held(leased), busy=2))
    assert seen(house) == [replace(known, busy=2, seen_at=house.world.now())]


def test_a_lease_tells_of_the_labels_of_its_runner(house: House) -> None:
    lease_jobs(house.ports, replace(ASK, labels={"gpu": "a100"}))
    assert [one.labels for one in seen(house)] == [{"gpu": "a100"}]


def test_a_silent_runner_is_down_and_then_gone(house: House) -> None:
    lease_jobs(house.ports, ASK)
    ups = []
    for seconds in (59, 1, 7 * 24 * 3600):
        house.world.move(timedelta(seconds=seconds))
        ups.append([one.is_up for one in list_runners(house.ports, RunnersQuery(by=ROOT))])
    assert ups == [[True], [False], []]


def test_a_pool_of_other_projects_is_not_shown(house: House) -> None:
    for pool in ("default", "webs"):
        lease_jobs(house.ports, replace(ASK, pool=pool))
    house.ports = replace(house.ports, settings=Settings(pool_projects={"webs": frozenset({"web"})}))
    shown = {by.name: [one.pool for one in seen(house, by)] for by in (ROOT, READER, STRANGER, NOBODY)}
    assert shown == {"root": ["default", "webs"], "bob": ["default", "webs"], "sam": ["default"], "nobody": []}
    assert [one.pool for one in seen(house, STRANGER, "webs")] == []


def test_a_lease_is_given_also_when_its_runner_cannot_be_noted(house: House) -> None:
    class Busy(type(house.ports.runners)):  # type: ignore[misc]  # the fake's own class
        def note(self, runner: Runner) -> None:
            raise Throttled(f"too much of {runner.name}")

    ports = replace(house.ports, runners=Busy())
    assert len(lease_jobs(ports, ASK)) == 1

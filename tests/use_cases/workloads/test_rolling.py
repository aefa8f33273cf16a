"""An update rolls out: what ran serves until the new pods are ready."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.workloads.pods import Pod
from chalicelib.kernel.workloads.status import WorkloadStatus
from chalicelib.use_cases.jobs.lease import LeasedJob
from chalicelib.use_cases.jobs.workload_jobs import Duty
from chalicelib.use_cases.workloads.remove import RemoveWorkload, remove_workload
from chalicelib.use_cases.workloads.services import FindService, find_service
from slipway_formats.workloads.manifest import WorkloadKind
from tests.kernel.workloads.given import a_pod
from tests.use_cases.house import House
from tests.use_cases.workloads.given import (
    a_house,
    an_origin,
    beat,
    deployed,
    ended,
    leased,
    pass_time,
    reported,
    settled,
    view,
)

SERVICE = WorkloadKind.SERVICE
WRITER = Principal(name="wri", roles=frozenset({role_in("web", Level.WRITE)}))


def a_pod_at(port: int) -> Pod:
    return replace(a_pod(ready=True), address=f"http://127.0.0.1:{port}")


@pytest.fixture
def house() -> House:
    return a_house()


def rolling(house: House) -> tuple[LeasedJob, LeasedJob]:
    """The job of what serves at port 1, and that of its update."""
    deployed(house, SERVICE)
    before = leased(house)
    settled(house, before)
    reported(house, before, a_pod_at(1))
    deployed(house, SERVICE, seed="seed-2")
    update = leased(house, "nonce-of-the-update")
    settled(house, update)
    return before, update


def is_stopped(house: House, job: LeasedJob) -> bool:
    house.work_off()
    return house.ports.jobs.job(job.job.id).cancel


def answering(house: House) -> Sequence[str]:
    found = find_service(house.ports, FindService(path="/fibonacci/", by=WRITER))
    return [address.rpartition(":")[2] for address in found.addresses]


def test_what_ran_serves_until_the_update_is_ready_and_a_moment_longer(house: House) -> None:
    before, update = rolling(house)
    reported(house, update, a_pod())
    assert answering(house) == ["1"]
    assert not is_stopped(house, before)

    reported(house, update, a_pod_at(2), number=2)

    assert answering(house) == ["2"]
    assert not is_stopped(house, before)
    house.pass_time(3)
    assert is_stopped(house, before)
    with pytest.raises(Conflict, match="replaced"):
        reported(house, before, a_pod_at(1), number=2)


def test_what_ran_serves_however_long_the_update_takes(house: House) -> None:
    before, update = rolling(house)

    for _ in range(30):
        house.pass_time(10)
        beat(house, before)
        beat(house, update)

    assert not is_stopped(house, before)
    assert reported(house, before, a_pod_at(1), number=2)
    assert answering(house) == ["1"]


def test_what_serves_meanwhile_is_kept_by_another_run_if_its_runner_is_lost(house: House) -> None:
    before, update = rolling(house)
    for _ in range(3):
        house.pass_time(10)
        beat(house, update)

    again = leased(house, "nonce-of-the-next")

    assert again.job.run != before.job.run
    assert settled(house, again).duty is Duty.KEEP
    reported(house, again, a_pod_at(3))
    assert answering(house) == ["3"]


def test_who_cancels_what_serves_meanwhile_stops_it(house: House) -> None:
    before, update = rolling(house)

    ended(house, before, Outcome.CANCELLED)

    for _ in range(5):
        house.pass_time(10)
        beat(house, update)
    with pytest.raises(ValueError, match="not enough values"):
        leased(house, "nonce-of-the-next")


def test_an_update_of_an_update_that_never_was_ready_goes_on_from_what_serves(house: House) -> None:
    before, update = rolling(house)

    third = deployed(house, SERVICE, seed="seed-3")

    assert is_stopped(house, update)
    assert not is_stopped(house, before)
    newest = leased(house, "nonce-of-the-third")
    reported(house, newest, a_pod_at(3))
    house.pass_time(3)
    assert is_stopped(house, before)
    assert view(house, third).status is WorkloadStatus.AVAILABLE


def test_who_deletes_an_update_deletes_what_serves_meanwhile(house: House) -> None:
    before, update = rolling(house)

    removal = RemoveWorkload(
        origin=an_origin("away"), project="web", environment="staging", kind=SERVICE, name="fibonacci"
    )
    remove_workload(house.ports, removal)

    assert is_stopped(house, before)
    assert is_stopped(house, update)
    for held in (before, update):
        ended(house, held, Outcome.CANCELLED)
    pass_time(house, 40)
    assert list(house.ports.workloads.reports_of(before.job.run)) == []


def test_who_dies_after_the_update_was_ready_leaves_nothing_running(house: House) -> None:
    before, update = rolling(house)
    reported(house, update, a_pod_at(2))
    house.queue.sent.clear()

    for _ in range(4):
        house.pass_time(10)
        if not house.ports.jobs.job(before.job.id).cancel:
            beat(house, before)

    assert is_stopped(house, before)

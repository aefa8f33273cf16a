"""Cronjobs: when they fire, and the jobs that they start."""

from dataclasses import replace

import pytest

from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.workloads.pods import PodPhase
from chalicelib.kernel.workloads.status import WorkloadStatus
from chalicelib.kernel.workloads.workload import Workload
from chalicelib.use_cases.jobs.workload_jobs import Duty
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.workloads.deploy import deploy_workload
from chalicelib.use_cases.workloads.remove import RemoveWorkload, remove_workload
from chalicelib.use_cases.workloads.views import WorkloadsIn, WorkloadView, list_pods, list_workloads
from slipway_formats.workloads.manifest import ConcurrencyPolicy, WorkloadKind
from tests.kernel.workloads.given import a_manifest, a_pod
from tests.use_cases.house import House
from tests.use_cases.workloads.given import (
    a_command,
    a_house,
    an_origin,
    beat,
    deployed,
    ended,
    leased,
    leases,
    pass_time,
    reported,
    settled,
    view,
)

JOB, CRONJOB = WorkloadKind.JOB, WorkloadKind.CRONJOB
IN_STAGING = WorkloadsIn(project="web", environment="staging", page=Page())


@pytest.fixture
def house() -> House:
    return a_house()


def removal(kind: WorkloadKind, name: str = "fibonacci", seed: str = "removal") -> RemoveWorkload:
    return RemoveWorkload(origin=an_origin(seed), project="web", environment="staging", kind=kind, name=name)


def jobs(house: House) -> list[WorkloadView]:
    return [one for one in list_workloads(house.ports, IN_STAGING) if one.workload.kind is JOB]


def fires(house: House, outcome: Outcome, number: int) -> None:
    """The cronjob fires once more, and its job ends so."""
    pass_time(house, 300)
    held = leased(house, f"nonce-of-number-{number}")
    settled(house, held)
    ended(house, held, outcome)


def test_a_job_of_a_cronjob_is_listed_with_its_state_its_pods_and_its_log(house: House) -> None:
    cron = deployed(house, CRONJOB)
    pass_time(house, 300)
    held = leased(house)
    assert settled(house, held).manifest.schedule

    reported(house, held, a_pod())
    (seen,) = jobs(house)

    assert (seen.workload.name, seen.status, seen.job) == ("fibonacci-29671925", WorkloadStatus.RUNNING, held.job.id)
    assert [pod.phase for pod in seen.pods] == [PodPhase.RUNNING]
    assert [one.workload for one in list_pods(house.ports, IN_STAGING)] == [seen.workload.id]
    latest = view(house, cron)
    assert (latest.status, latest.active, latest.job) == (WorkloadStatus.SCHEDULED, 1, held.job.id)
    assert latest.pods == seen.pods

    ended(house, held, Outcome.FAILED)
    assert [one.status for one in jobs(house)] == [WorkloadStatus.FAILED]
    assert view(house, cron).active == 0


def test_of_jobs_that_have_ended_a_few_stay_listed(house: House) -> None:
    deployed(house, CRONJOB)
    for number, outcome in enumerate([Outcome.SUCCEEDED] * 5 + [Outcome.FAILED] * 3):
        fires(house, outcome, number)
    pass_time(house, 300)

    found = [one.status for one in jobs(house)]

    assert [found.count(one) for one in (WorkloadStatus.SUCCEEDED, WorkloadStatus.FAILED)] == [3, 1]
    assert len(found) == 5


def test_a_job_of_a_cronjob_is_deleted_as_any_other(house: House) -> None:
    deployed(house, CRONJOB)
    pass_time(house, 300)
    running = leased(house)
    (listed,) = jobs(house)

    remove_workload(house.ports, removal(JOB, listed.workload.name))
    house.work_off()

    assert house.ports.jobs.job(running.job.id).cancel
    assert jobs(house) == []
    ended(house, running, Outcome.CANCELLED)
    fires(house, Outcome.SUCCEEDED, 2)
    assert [one.status for one in jobs(house)] == [WorkloadStatus.SUCCEEDED]


def test_a_fire_whose_name_is_in_use_is_left_out_and_says_so(house: House) -> None:
    cron = deployed(house, CRONJOB)
    deploy_workload(house.ports, a_command(a_manifest(JOB, "fibonacci-29671925"), seed="seed-2"))
    house.work_off()
    own = leased(house)

    for _ in range(30):
        house.pass_time(10)
        beat(house, own)

    assert "fibonacci-29671925 is in use" in view(house, cron).workload.message
    assert leases(house, "nonce-of-the-next") == []
    for _ in range(30):
        house.pass_time(10)
        beat(house, own)
    assert len(leases(house, "nonce-of-the-last")) == 1
    assert view(house, cron).workload.message == ""


def test_an_update_of_a_cronjob_takes_over_its_jobs(house: House) -> None:
    deployed(house, CRONJOB)
    pass_time(house, 300)
    running = leased(house)

    manifest = replace(a_manifest(CRONJOB), concurrency_policy=ConcurrencyPolicy.FORBID)
    update: Workload = deploy_workload(house.ports, a_command(manifest, seed="seed-2"))
    for _ in range(40):
        house.pass_time(10)
        beat(house, running)

    assert not house.ports.jobs.job(running.job.id).cancel
    assert view(house, update).active == 1
    assert leases(house, "nonce-of-the-next") == []


def test_the_name_of_a_running_job_of_a_cronjob_is_in_use(house: House) -> None:
    deployed(house, CRONJOB)
    pass_time(house, 300)
    leased(house)

    with pytest.raises(Conflict, match="in use"):
        deploy_workload(house.ports, a_command(a_manifest(JOB, "fibonacci-29671925"), seed="seed-2"))


def test_a_cronjob_fires_by_its_schedule_and_missed_fires_are_caught_up_once(house: House) -> None:
    cron = deployed(house, CRONJOB)
    assert view(house, cron).status is WorkloadStatus.SCHEDULED
    assert leases(house) == []

    pass_time(house, 300)
    first = leased(house)
    assert settled(house, first).duty is Duty.RUN
    ended(house, first)

    house.pass_time(3600)
    second = leased(house, "nonce-of-the-next")
    assert second.job.run == f"{cron.id}-202606011305"
    assert view(house, cron).workload.last_fire == house.world.now()


@pytest.mark.parametrize(
    ("policy", "runs", "is_cancelled"),
    [(ConcurrencyPolicy.ALLOW, 1, False), (ConcurrencyPolicy.FORBID, 0, False), (ConcurrencyPolicy.REPLACE, 1, True)],
)
def test_a_cronjob_that_still_runs_goes_by_its_policy(
    house: House,
    policy: ConcurrencyPolicy,
    runs: int,
    is_cancelled: bool,
) -> None:
    manifest = replace(a_manifest(CRONJOB), concurrency_policy=policy)
    deploy_workload(house.ports, a_command(manifest))
    pass_time(house, 300)
    first = leased(house)

    for _ in range(30):
        house.pass_time(10)
        beat(house, first)

    assert len(leases(house, "nonce-of-the-next")) == runs
    assert house.ports.jobs.job(first.job.id).cancel is is_cancelled


def test_jobs_that_a_deleted_cronjob_started_keep_running(house: House) -> None:
    deployed(house, CRONJOB)
    pass_time(house, 300)
    running = leased(house)

    remove_workload(house.ports, removal(CRONJOB))
    house.work_off()

    for _ in range(10):
        house.pass_time(10)
        beat(house, running)
    assert not house.ports.jobs.job(running.job.id).cancel
    ended(house, running)
    pass_time(house, 600)
    assert leases(house, "nonce-of-the-next") == []

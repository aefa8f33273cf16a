"""What becomes of a workload, and what people are told of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.codec import decode, encode
from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.engine.job import LEASE, Job, JobPhase, leased
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.workloads.pods import PodPhase, sequence_of
from chalicelib.kernel.workloads.status import WorkloadStatus, as_known, status_of
from chalicelib.kernel.workloads.transitions import (
    beyond_history,
    deleted,
    due_fire,
    fired,
    fired_job,
    refused,
    replaced,
    require_free,
)
from chalicelib.kernel.workloads.workload import Workload, WorkloadPhase
from slipway_formats.workloads.manifest import WorkloadKind
from slipway_formats.workloads.manifest_reader import LONGEST_CRONJOB, name_defect
from tests.builders import NOON, a_plan
from tests.kernel.workloads.given import a_pod, a_report, a_settled, a_workload

CRON = a_settled(WorkloadKind.CRONJOB)


def a_run(phase: Phase) -> Run:
    return replace(new_run(a_plan()), phase=phase)


@pytest.mark.parametrize("kind", WorkloadKind)
def test_a_settled_workload_is_read_back_as_it_was_written(kind: WorkloadKind) -> None:
    workload = a_settled(kind)

    assert decode(Workload, encode(Workload, workload)) == workload
    assert workload.source is not None
    assert workload.source.commit == "c0ffee1"


@given(st.integers(0, 5 * 24 * 3600), st.integers(0, 3600))
def test_missed_fires_are_caught_up_once_and_no_fire_comes_twice(first: int, later: int) -> None:
    now = NOON + timedelta(seconds=first)
    at = due_fire(CRON, now)
    assert (at is None) == (first < 300)
    if at is None:
        return
    after = fired(CRON, at, now)
    assert now - timedelta(minutes=5) < at <= now
    again = due_fire(after, now + timedelta(seconds=later))
    assert again is None or again > at


def test_the_job_of_a_fire_is_called_as_kubernetes_calls_it() -> None:
    job = fired_job(CRON, NOON, NOON)

    assert (job.name, job.kind, job.run) == ("fibonacci-29671920", WorkloadKind.JOB, job.id)
    assert fired_job(CRON, NOON, NOON + timedelta(minutes=1)).id == job.id
    longest = fired_job(replace(CRON, name="x" * LONGEST_CRONJOB), datetime(9999, 12, 31, 23, 59, tzinfo=UTC), NOON)
    assert not name_defect(longest.name)


@given(st.lists(st.booleans(), max_size=12))
def test_of_the_jobs_of_a_cronjob_three_that_went_well_stay_and_one_that_did_not(went_well: list[bool]) -> None:
    jobs = [a_settled(number=number) for number in range(len(went_well))]
    phases = [Phase.SUCCEEDED if well else Phase.BROKEN for well in went_well]

    gone = beyond_history([(job, a_run(phase)) for job, phase in zip(jobs, phases, strict=True)])

    stay = [well for job, well in zip(jobs, went_well, strict=True) if job not in gone]
    assert stay.count(True) == min(3, went_well.count(True))
    assert stay.count(False) == min(1, went_well.count(False))
    for well in (True, False):
        own = [job for job, one in zip(jobs, went_well, strict=True) if one is well]
        assert [job for job in own if job in gone] == own[: len([job for job in own if job in gone])]


def test_a_cronjob_that_is_gone_fires_no_more() -> None:
    late = NOON + timedelta(days=1)

    assert due_fire(deleted(CRON, NOON), late) is None
    assert due_fire(replaced(CRON, a_workload(2), NOON), late) is None


def test_only_what_is_pending_is_refused() -> None:
    refusal = refused(a_workload(), "name: must be given", NOON)

    assert (refusal.phase, refusal.message) == (WorkloadPhase.REFUSED, "name: must be given")
    assert refused(CRON, "late", NOON) == CRON


@pytest.mark.parametrize(
    ("holder", "newcomer", "is_running"),
    [
        (WorkloadKind.JOB, WorkloadKind.JOB, True),
        (WorkloadKind.JOB, WorkloadKind.SERVICE, True),
        (WorkloadKind.CRONJOB, WorkloadKind.JOB, False),
        (WorkloadKind.SERVICE, WorkloadKind.DEPLOYMENT, False),
    ],
)
def test_a_name_in_use_is_refused(holder: WorkloadKind, newcomer: WorkloadKind, is_running: bool) -> None:
    with pytest.raises(Conflict, match="in use"):
        require_free(a_settled(holder), a_settled(newcomer, number=2), is_running=is_running)


@pytest.mark.parametrize("kind", WorkloadKind)
def test_what_has_ended_or_is_kept_is_replaced(kind: WorkloadKind) -> None:
    require_free(a_settled(kind), a_settled(kind, number=2), is_running=kind is not WorkloadKind.JOB)
    require_free(None, a_settled(kind), is_running=False)
    require_free(a_settled(kind), a_settled(kind), is_running=True)


def test_the_status_of_a_job_is_that_of_its_run() -> None:
    job, report = a_settled(), a_report(a_settled())

    assert status_of(a_workload(), None, None) is WorkloadStatus.PENDING
    assert status_of(job, a_run(Phase.RUNNING), None) is WorkloadStatus.PENDING
    assert status_of(job, a_run(Phase.RUNNING), report) is WorkloadStatus.RUNNING
    assert status_of(job, a_run(Phase.SUCCEEDED), report) is WorkloadStatus.SUCCEEDED
    assert status_of(job, a_run(Phase.FAILED), report) is WorkloadStatus.FAILED
    assert status_of(job, a_run(Phase.BROKEN), report) is WorkloadStatus.ERROR
    assert status_of(refused(a_workload(), "no", NOON), a_run(Phase.FAILED), None) is WorkloadStatus.ERROR
    assert status_of(deleted(job, NOON), a_run(Phase.SUCCEEDED), report) is WorkloadStatus.DELETED


def test_a_service_is_available_when_all_its_pods_answer() -> None:
    service, running = a_settled(WorkloadKind.SERVICE), a_run(Phase.RUNNING)
    waiting, ready = a_report(service), a_report(service, a_pod(ready=True))

    assert status_of(service, running, waiting) is WorkloadStatus.DEPLOYING
    assert status_of(service, running, ready) is WorkloadStatus.AVAILABLE
    assert status_of(CRON, None, None) is WorkloadStatus.SCHEDULED


def test_of_pods_whose_runner_holds_their_job_no_more_nothing_is_known() -> None:
    report = a_report(CRON, a_pod(ready=True), a_pod(PodPhase.FAILED))
    waiting = Job(
        id="job1", run="R1", kind=JobKind.TASK, execution=1, node="s1", attempt=1, created_at=NOON, project="web"
    )
    held = leased(waiting, "r1", "token", "nonce", now=NOON)
    again = leased(replace(held, phase=JobPhase.WAITING, lease=None), "r2", "token", "nonce", now=NOON)

    assert as_known(report, held, NOON) == report
    for job, now in ((None, NOON), (waiting, NOON), (again, NOON), (held, NOON + LEASE)):
        known = as_known(report, job, now).pods
        assert [(pod.phase, pod.ready) for pod in known] == [(PodPhase.UNKNOWN, False), (PodPhase.FAILED, False)]


@given(st.integers(1, 1000), st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_report_of_a_later_lease_is_always_newer(lease: int, number: int, before: int) -> None:
    assert sequence_of(lease + 1, number) > sequence_of(lease, before)

"""What becomes of workloads that are deployed, from the first command to the last pod."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.explanation.runner import Runner
from chalicelib.kernel.faults import Conflict, Invalid, NotFound
from chalicelib.kernel.workloads.pods import PodPhase
from chalicelib.kernel.workloads.status import WorkloadStatus
from chalicelib.use_cases.jobs.workload_jobs import Duty, with_workload
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.removal.project import RemoveEnvironment, remove_environment
from chalicelib.use_cases.workloads.deploy import deploy_workload
from chalicelib.use_cases.workloads.look import look_at_workload
from chalicelib.use_cases.workloads.remove import RemoveWorkload, remove_workload
from chalicelib.use_cases.workloads.views import WorkloadsIn, list_pods, list_workloads, view_of
from slipway_formats.workloads.manifest import SecretReference, Strategy, WorkloadKind
from slipway_formats.workloads.manifest_writer import written_manifest
from tests.builders import an_entry
from tests.kernel.workloads.given import SOURCE, a_manifest, a_pod
from tests.use_cases.house import House
from tests.use_cases.workloads.given import (
    a_command,
    a_house,
    an_origin,
    beat,
    deployed,
    ended,
    from_git,
    leased,
    leases,
    pass_time,
    reported,
    settled,
    view,
)

JOB, CRONJOB = WorkloadKind.JOB, WorkloadKind.CRONJOB
DEPLOYMENT, SERVICE = WorkloadKind.DEPLOYMENT, WorkloadKind.SERVICE
IN_STAGING = WorkloadsIn(project="web", environment="staging", page=Page())


@pytest.fixture
def house() -> House:
    return a_house()


def removal(kind: WorkloadKind, seed: str = "removal") -> RemoveWorkload:
    return RemoveWorkload(origin=an_origin(seed), project="web", environment="staging", kind=kind, name="fibonacci")


def statuses(house: House) -> list[WorkloadStatus]:
    return [one.status for one in list_workloads(house.ports, IN_STAGING)]


def test_a_job_runs_to_its_end(house: House) -> None:
    job = deployed(house)
    assert view(house, job).status is WorkloadStatus.PENDING

    held = leased(house)
    assert settled(house, held).duty is Duty.RUN
    reported(house, held, a_pod())
    assert view(house, job).status is WorkloadStatus.RUNNING
    reported(house, held, replace(a_pod(PodPhase.SUCCEEDED), exit_code=0), number=2)
    ended(house, held)

    seen = view(house, job)
    assert seen.status is WorkloadStatus.SUCCEEDED
    assert [(pod.phase, pod.exit_code) for pod in seen.pods] == [(PodPhase.SUCCEEDED, 0)]


def test_a_manifest_in_a_repository_is_read_by_the_runner(house: House) -> None:
    job = from_git(house)
    held = leased(house)
    assert with_workload(house.ports, held.job) == {
        "workload": job.id, "repository": SOURCE.url, "directory": "fibonacci", "branch": "master", "settled": False,
        "secret_names": {},
    }  # fmt: skip

    assignment = settled(house, held, written_manifest(a_manifest()), "c0ffee1")

    assert (assignment.duty, assignment.workload.name) == (Duty.RUN, "fibonacci")
    assert with_workload(house.ports, held.job)["commit"] == "c0ffee1"
    assert settled(house, held, written_manifest(a_manifest(name="other"))) == assignment


def test_a_defective_manifest_in_a_repository_is_told_by_the_status(house: House) -> None:
    job = from_git(house)

    with pytest.raises(Invalid, match="colour: unknown key"):
        settled(house, leased(house), {"type": "job", "name": "x", "cmd": ["a"], "colour": "red"})

    assert view(house, job).status is WorkloadStatus.ERROR
    assert view(house, job).workload.message == "colour: unknown key"


def test_a_repository_that_cannot_be_read_is_told_by_the_status(house: House) -> None:
    job = from_git(house)

    ended(house, leased(house), Outcome.BROKEN, "no branch master")

    seen = view(house, job)
    assert (seen.status, seen.workload.message) == (WorkloadStatus.ERROR, "no branch master")


def test_a_defective_configuration_is_refused_at_once_and_leaves_nothing(house: House) -> None:
    with pytest.raises(Invalid, match="cmd: must be a list"):
        deploy_workload(house.ports, a_command({"type": "job", "name": "x", "cmd": "sleep"}))
    with pytest.raises(Invalid, match="must be given"):
        deploy_workload(house.ports, a_command())
    with pytest.raises(Invalid, match="image-destination"):
        deploy_workload(house.ports, a_command({"type": "job", "name": "x", "image-destination": "r/x:1"}))
    assert house.ports.workloads.every_in("web", "staging") == []


def test_a_pool_without_an_executor_refuses_workloads(house: House) -> None:
    house.ports.runners.note(Runner(pool="default", name="r1", seen_at=house.world.now(), slots=2))

    with pytest.raises(Conflict, match="no runner with an executor"):
        deploy_workload(house.ports, a_command(a_manifest()))

    house.ports.runners.note(Runner(pool="default", name="r2", seen_at=house.world.now(), slots=2, executor="process"))
    assert deployed(house).is_current


def test_a_pool_whose_runners_never_spoke_has_the_executor_of_the_settings(house: House) -> None:
    house.ports = replace(house.ports, settings=replace(house.ports.settings, executor=""))

    with pytest.raises(Conflict, match="no runner with an executor"):
        deployed(house)


def test_a_repeated_deploy_deploys_once(house: House) -> None:
    first, again = deployed(house), deployed(house)

    assert first.id == again.id
    assert len(leases(house)) == 1


def test_a_name_is_in_use_while_its_job_runs(house: House) -> None:
    deployed(house)
    with pytest.raises(Conflict, match="in use"):
        deployed(house, seed="seed-2")

    held = leased(house)
    settled(house, held)
    ended(house, held)

    assert deployed(house, seed="seed-2").updates


def test_a_name_that_a_manifest_in_a_repository_says_may_be_in_use(house: House) -> None:
    deployed(house)
    leased(house)
    second = from_git(house, seed="seed-2")

    with pytest.raises(Invalid, match="name: name fibonacci is in use"):
        settled(house, leased(house, "nonce-of-another"), written_manifest(a_manifest()))

    assert view(house, second).status is WorkloadStatus.ERROR


def test_whoever_looks_between_the_end_of_a_run_and_its_note_sees_why_it_ended(house: House) -> None:
    before = view(house, from_git(house)).workload
    ended(house, leased(house), Outcome.BROKEN, reason="the repository has no branch no-such-branch")

    seen = view_of(house.ports, before)

    assert (seen.status, seen.workload.message) == (WorkloadStatus.ERROR, "the repository has no branch no-such-branch")
    assert seen.workload.message == view(house, before).workload.message


@pytest.mark.parametrize("kind", [DEPLOYMENT, SERVICE])
def test_what_lasts_is_kept_by_a_run_of_its_own(house: House, kind: WorkloadKind) -> None:
    workload = from_git(house)
    reading = leased(house)
    assert settled(house, reading, written_manifest(a_manifest(kind)), "c0ffee1").duty is Duty.NONE
    ended(house, reading)

    keeping = leased(house, "nonce-of-the-next")

    assert settled(house, keeping).duty is Duty.KEEP
    assert view(house, workload).status is WorkloadStatus.PENDING
    reported(house, keeping, a_pod())
    assert view(house, workload).status is WorkloadStatus.DEPLOYING
    reported(house, keeping, a_pod(ready=True), number=2)
    assert view(house, workload).status is WorkloadStatus.AVAILABLE


def test_what_lasts_counts_towards_no_limit_of_jobs_at_once(house: House) -> None:
    web = house.ports.projects.project("web")
    house.ports.projects.save(replace(web, max_jobs=1), an_entry("limit"))
    deployed(house, seed="seed-1")
    leased(house)
    deploy_workload(house.ports, a_command(a_manifest(SERVICE, "kept"), seed="seed-2"))
    house.work_off()

    assert settled(house, leased(house, "nonce-of-the-next")).duty is Duty.KEEP
    deploy_workload(house.ports, a_command(a_manifest(name="another"), seed="seed-3"))
    house.work_off()
    assert leases(house, "nonce-of-the-last") == []


def test_a_late_report_changes_nothing(house: House) -> None:
    service = deployed(house, SERVICE)
    keeping = leased(house)
    assert reported(house, keeping, a_pod(ready=True), number=2)

    assert not reported(house, keeping, a_pod(), number=1)

    assert view(house, service).status is WorkloadStatus.AVAILABLE


def test_what_is_available_is_a_deployment_in_state_and_deleted_it_is_none(house: House) -> None:
    service = deployed(house, SERVICE)
    find = house.ports.deployments.find_deployment
    keeping = leased(house)
    assert find("web", "staging", "fibonacci") is None

    reported(house, keeping, a_pod(ready=True))
    reported(house, keeping, a_pod(ready=True), number=2)
    found = find("web", "staging", "fibonacci")
    assert found is not None
    assert found.state is not None
    assert (found.version, found.state.release) == (1, "_/fibonacci")

    remove_workload(house.ports, removal(SERVICE))
    gone = find("web", "staging", "fibonacci")
    assert gone is not None
    assert gone.state is None
    assert [change.action for change in house.ports.deployments.history(gone, Page())] == ["destroy", "deploy"]
    assert view(house, service).status is WorkloadStatus.DELETED


def test_a_deleted_service_is_stopped_and_its_pods_are_forgotten(house: House) -> None:
    deployed(house, SERVICE)
    keeping = leased(house)
    reported(house, keeping, a_pod(ready=True))

    remove_workload(house.ports, removal(SERVICE))
    house.work_off()

    assert house.ports.jobs.job(keeping.job.id).cancel
    ended(house, keeping, Outcome.CANCELLED)
    pass_time(house, 40)
    assert list_pods(house.ports, IN_STAGING) == []
    assert statuses(house) == []
    assert leases(house, "nonce-of-the-next") == []


def test_who_died_after_a_deletion_leaves_nothing_running(house: House) -> None:
    deployed(house, SERVICE)
    keeping = leased(house)
    remove_workload(house.ports, removal(SERVICE))
    house.queue.sent.clear()

    house.pass_time(20)
    beat(house, keeping)
    house.pass_time(11)

    assert house.ports.jobs.job(keeping.job.id).cancel


def test_a_repeated_deletion_deletes_nothing_new(house: House) -> None:
    first = deployed(house, SERVICE)
    remove_workload(house.ports, removal(SERVICE))
    second = deployed(house, SERVICE, seed="seed-2")

    assert remove_workload(house.ports, removal(SERVICE)).id == first.id

    assert house.ports.workloads.workload(second.id).is_current
    with pytest.raises(NotFound):
        remove_workload(house.ports, removal(CRONJOB, seed="other"))


def test_the_deployment_of_a_service_is_deleted_with_it_alone(house: House) -> None:
    deployed(house, SERVICE)

    with pytest.raises(Conflict, match="belongs to service"):
        remove_workload(house.ports, removal(DEPLOYMENT))


def test_an_update_that_recreates_takes_the_place_of_what_runs_at_once(house: House) -> None:
    first = deployed(house, SERVICE)
    keeping = leased(house)
    reported(house, keeping, a_pod(ready=True))

    recreating = replace(a_manifest(SERVICE), strategy=Strategy.RECREATE)
    second = deploy_workload(house.ports, a_command(recreating, seed="seed-2"))
    house.work_off()

    assert second.updates
    assert house.ports.jobs.job(keeping.job.id).cancel
    with pytest.raises(Conflict, match="replaced"):
        reported(house, keeping, a_pod(ready=True), number=2)
    assert view(house, first).status is WorkloadStatus.DELETED
    assert settled(house, leased(house, "nonce-of-the-next")).duty is Duty.KEEP


def test_a_deployment_whose_runner_is_lost_is_kept_by_another_run(house: House) -> None:
    service = deployed(house, SERVICE)
    keeping = leased(house)
    reported(house, keeping, a_pod(ready=True))

    house.world.move(timedelta(seconds=26))
    assert [one.pod.phase for one in list_pods(house.ports, IN_STAGING)] == [PodPhase.UNKNOWN]
    assert view(house, service).status is WorkloadStatus.DEPLOYING
    house.pass_time(1)

    again = leased(house, "nonce-of-the-next")
    assert (again.job.run, settled(house, again).duty) == (f"{service.id}-2", Duty.KEEP)
    assert view(house, service).status is WorkloadStatus.PENDING
    assert list_pods(house.ports, IN_STAGING) == []


def test_what_keeps_failing_is_kept_again_later_and_later(house: House) -> None:
    deployed(house, DEPLOYMENT)
    begun = []
    for number in range(5):
        waited = 0
        while not (found := leases(house, f"nonce-of-number-{number}")):
            house.pass_time(1)
            waited += 1
        begun.append(waited)
        ended(house, found[0], Outcome.FAILED)
    assert begun == [0, 0, 2, 4, 8]


def test_a_run_that_was_never_begun_is_begun_later(house: House) -> None:
    workload = from_git(house)
    house.runs.kept.clear()
    house.queue.sent.clear()

    house.pass_time(31)

    assert leased(house).job.run == workload.id
    assert house.ports.workloads.workload(workload.id).look_at is None
    look_at_workload(house.ports, workload.id)
    look_at_workload(house.ports, "nobody")


def test_with_its_environment_a_workload_goes_and_all_that_it_runs(house: House) -> None:
    service, cron = deployed(house, SERVICE), from_git(house, seed="seed-2")
    keeping, reading = leases(house)
    reported(house, keeping, a_pod(ready=True))
    removal = RemoveEnvironment(origin=an_origin("away"), project="web", name="staging")

    assert not remove_environment(house.ports, removal).is_complete
    house.work_off()
    for held in (keeping, reading):
        assert house.ports.jobs.job(held.job.id).cancel
        ended(house, held, Outcome.CANCELLED)
    assert remove_environment(house.ports, removal).is_complete

    workloads = house.ports.workloads
    assert [workloads.find_workload(one.id) for one in (service, cron)] == [None, None]
    assert workloads.find_published(["/fibonacci/"]) is None
    assert list(workloads.reports_of(service.id)) == []
    with pytest.raises(NotFound):
        deployed(house, seed="seed-3")
    pass_time(house, 60)
    assert leases(house, "nonce-of-the-next") == []


def a_secret_manifest(secret: str, key: str = "") -> dict[str, object]:
    manifest = replace(a_manifest(), secrets=(SecretReference(name="KEY", secret=secret, key=key),))
    return written_manifest(manifest)


def test_secrets_are_inputs_of_the_environment(house: House) -> None:
    from_git(house)

    assignment = settled(house, leased(house), a_secret_manifest("db", "password"))

    assert assignment.secrets == {"KEY": "hunter2"}
    assert "hunter2" not in repr(assignment)


@pytest.mark.parametrize(("secret", "key"), [("nothing", ""), ("db", "user")])
def test_a_secret_that_is_not_there_refuses_the_workload(house: House, secret: str, key: str) -> None:
    job = from_git(house)

    with pytest.raises(Invalid, match=r"secrets\[0\]"):
        settled(house, leased(house), a_secret_manifest(secret, key))

    assert view(house, job).status is WorkloadStatus.ERROR

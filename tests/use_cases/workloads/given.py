"""Workloads that are deployed in a house on fakes, and what its runner asks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Ending
from chalicelib.kernel.projects.project import Environment, Project
from chalicelib.kernel.workloads.pods import Pod
from chalicelib.kernel.workloads.workload import CodeSource, Workload
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.jobs.finish import FinishJob, finish_job
from chalicelib.use_cases.jobs.lease import Heartbeat, LeasedJob, LeaseJobs, lease_jobs, renew_lease
from chalicelib.use_cases.jobs.workload_jobs import Assignment, ReportPods, SettleJob, report_pods, settle_job
from chalicelib.use_cases.workloads.deploy import DeployWorkload, deploy_workload
from chalicelib.use_cases.workloads.views import WorkloadView, get_workload
from slipway_formats.workloads.manifest import Manifest, WorkloadKind
from slipway_formats.workloads.manifest_writer import written_manifest
from tests.builders import NOON, an_entry
from tests.kernel.workloads.given import SOURCE, a_manifest
from tests.use_cases.house import House

ADA = Principal(name="ada", kind=PrincipalKind.USER, roles=frozenset())


def a_house() -> House:
    """A house whose pool has an executor, and project web with environment staging."""
    house = House()
    house.ports = replace(house.ports, settings=replace(house.ports.settings, executor="process"))
    projects = house.ports.projects
    web = projects.create(Project(name="web", created_at=NOON), an_entry("web"))
    reference = house.ports.secrets.put("environments/web/staging/db", '{"password": "hunter2"}')
    environment = Environment(project="web", name="staging", created_at=NOON, secrets={"db": reference})
    projects.create_environment(web, environment, an_entry("staging"))
    return house


def beat(house: House, leased: LeasedJob) -> None:
    """The runner holds the job for another while."""
    renew_lease(house.ports, held(leased))


def an_origin(seed: str = "") -> Origin:
    return Origin(by=ADA, at=NOON, seed=seed or "seed-1")


def a_command(
    manifest: Manifest | Mapping[str, object] | None = None, *, source: CodeSource | None = None, seed: str = ""
) -> DeployWorkload:
    raw = written_manifest(manifest) if isinstance(manifest, Manifest) else manifest
    return DeployWorkload(
        origin=an_origin(seed), project="web", environment="staging", namespace="Staging", manifest=raw, source=source
    )


def deployed(house: House, kind: WorkloadKind = WorkloadKind.JOB, seed: str = "seed-1") -> Workload:
    """A workload whose manifest was given, begun."""
    workload = deploy_workload(house.ports, a_command(a_manifest(kind), seed=seed))
    house.work_off()
    return workload


def from_git(house: House, seed: str = "seed-1") -> Workload:
    """A workload whose manifest a runner must read."""
    workload = deploy_workload(house.ports, a_command(source=SOURCE, seed=seed))
    house.work_off()
    return workload


def settled(house: House, leased: LeasedJob, manifest: object = None, commit: str = "") -> Assignment:
    """What the runner is to do; what follows is worked off."""
    assignment = settle_job(house.ports, SettleJob(held=held(leased), manifest=manifest, commit=commit))
    house.work_off()
    return assignment


def held(leased: LeasedJob) -> Heartbeat:
    return Heartbeat(job=leased.job.id, token=leased.token, number=leased.job.leases)


def reported(house: House, leased: LeasedJob, *pods: Pod, number: int = 1) -> bool:
    return report_pods(house.ports, ReportPods(held=held(leased), number=number, pods=pods))


def ended(house: House, leased: LeasedJob, outcome: Outcome = Outcome.SUCCEEDED, reason: str = "") -> None:
    ending = Ending(outcome=outcome, at=house.world.now(), reason=reason)
    finish_job(house.ports, FinishJob(held=held(leased), ending=ending))
    house.work_off()


def leased(house: House, nonce: str = "nonce-of-sixteen") -> LeasedJob:
    """The one job that waits."""
    (found,) = leases(house, nonce)
    return found


def leases(house: House, nonce: str = "nonce-of-sixteen") -> list[LeasedJob]:
    """All jobs that wait, leased by a runner that has an executor."""
    lease = LeaseJobs(pool="default", runner="r1", slots=5, nonce=nonce, capacity=5, executor="process")
    return list(lease_jobs(house.ports, lease))


def view(house: House, workload: Workload) -> WorkloadView:
    return get_workload(house.ports, workload.id)


def pass_time(house: House, seconds: float) -> None:
    """Let time pass in steps in which every timer that is set fires in its order."""
    until = house.world.now() + timedelta(seconds=seconds)
    while house.world.now() < until:
        house.pass_time(min(10.0, (until - house.world.now()).total_seconds()))

"""Workloads: what runners of their jobs ask, and what becomes of them by themselves."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.functions import advance
from chalicelib.use_cases.enqueue_due import sweep_from
from chalicelib.use_cases.jobs.hand_out import HandOutJobs, finish_and_lease, hand_out_jobs
from chalicelib.use_cases.jobs.workload_jobs import ReportPods, SettleJob, report_pods, settle_job
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.removal.project import RemoveEnvironment, remove_environment
from chalicelib.use_cases.workloads.deploy import DeployWorkload, deploy_workload
from chalicelib.use_cases.workloads.sweep import sweep_workloads
from slipway_formats.workloads.manifest import WorkloadKind
from slipway_formats.workloads.manifest_writer import written_manifest
from tests.builders import NOON
from tests.crash.catalog import GIVEN, environments
from tests.crash.house import CrashHouse
from tests.crash.plans import events, finish
from tests.crash.stories.story import GONE, Before, Story, a_lease, an_origin, asking, both, held
from tests.kernel.workloads.given import SOURCE, a_manifest, a_pod
from tests.use_cases.workloads.given import a_command

OWN = "W" * 26
READING, KEEPING = f"{OWN}.1.s1.1", f"{OWN}-1.1.s1.1"
SERVICE = written_manifest(a_manifest(WorkloadKind.SERVICE))
UPDATED = "X" * 26
UPDATING = f"{UPDATED}-1.1.s1.1"
ANOTHER_NONCE = "nonce-of-another-lease"
READY = replace(a_pod(), ready=True)
DEPLOYED = replace(a_command(SERVICE), origin=replace(GIVEN, seed=OWN))
UPDATE = replace(a_command(SERVICE), origin=replace(GIVEN, seed=UPDATED))
FROM_GIT = replace(a_command(source=SOURCE), origin=replace(GIVEN, seed=OWN))
FIRING = replace(a_command(a_manifest(WorkloadKind.CRONJOB)), origin=replace(GIVEN, seed=OWN), schedule="5 12 1 6 *")


def deployed(command: DeployWorkload) -> Before:
    """This was deployed, and its run waits for a runner."""

    def before(house: CrashHouse, ports: Ports) -> None:
        environments(house, ports)
        deploy_workload(ports, command)
        house.deliver(ports)

    return before


def leased(_house: CrashHouse, ports: Ports) -> None:
    """A runner has the job."""
    hand_out_jobs(ports, HandOutJobs(lease=replace(a_lease(), executor="process", capacity=2)))


def updated(house: CrashHouse, ports: Ports) -> None:
    """The service that runs has an update, and a runner its job."""
    report_pods(ports, ReportPods(held=held(KEEPING), number=1, pods=(READY,)))
    deploy_workload(ports, UPDATE)
    house.deliver(ports)
    hand_out_jobs(ports, HandOutJobs(lease=replace(a_lease(), executor="process", capacity=2, nonce=ANOTHER_NONCE)))


def due(house: CrashHouse, ports: Ports) -> None:
    """The clock has come to what is due."""
    house.world.at = NOON + timedelta(seconds=301)
    sweep_workloads(ports, sweep_from(ports.clock.now(), timedelta(0)))


STORIES = {
    "settle a service from git": Story(
        before=both(deployed(FROM_GIT), leased),
        act=lambda _, ports: settle_job(
            ports, SettleJob(held=held(READING), manifest=SERVICE, commit="c0ffee1", notes=("the image is ignored",))
        ),
        of=(settle_job,),
        held={READING: held(READING)},
    ),
    "report that a service is ready": Story(
        before=both(deployed(DEPLOYED), leased),
        act=lambda _, ports: report_pods(ports, ReportPods(held=held(KEEPING), number=1, pods=(READY,))),
        of=(report_pods,),
        held={KEEPING: held(KEEPING)},
    ),
    "report that an update of a service is ready": Story(
        before=both(both(deployed(DEPLOYED), leased), updated),
        act=lambda _, ports: report_pods(
            ports, ReportPods(held=held(UPDATING, ANOTHER_NONCE), number=1, pods=(READY,))
        ),
        of=(report_pods,),
        held={KEEPING: held(KEEPING), UPDATING: held(UPDATING, ANOTHER_NONCE)},
    ),
    "a run that kept a service ends": Story(
        before=both(deployed(DEPLOYED), leased),
        act=lambda _, ports: finish_and_lease(ports, finish(job=KEEPING)),
        of=(finish_and_lease,),
    ),
    "a cronjob fires": Story(before=both(deployed(FIRING), due), act=events, of=(advance.handle,)),
    "remove an environment with a cronjob": Story(
        before=deployed(FIRING),
        act=asking(remove_environment, RemoveEnvironment(origin=an_origin("away"), project="web", name="staging")),
        of=(remove_environment,),
        refusals=GONE,
    ),
}

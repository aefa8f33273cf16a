"""Read requests about deployments of builds, and show them: one for each target of a stage."""

from collections.abc import Sequence

from chalicelib.dialects.buildmaster.instants import read_local_time, shown_instant
from chalicelib.dialects.buildmaster.parameters import Parameters, read_parameters
from chalicelib.dialects.buildmaster.references import BUILD, ENVIRONMENT, find_reference, read_build
from chalicelib.dialects.buildmaster.releases.words import (
    read_count,
    read_trains,
    show_list,
    shown_application,
    shown_release_of,
)
from chalicelib.http.answers.explanation import explain_field
from chalicelib.http.reply import Json, Reply, text_reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.plans.local_time import LocalTime
from chalicelib.kernel.trains.snapshot import pipeline_name
from chalicelib.use_cases.train_addresses.train_views import SnapshotFilter
from chalicelib.use_cases.travel.addressed import DeployAt
from chalicelib.use_cases.travel.deployment_log import ReadDeploymentLog
from chalicelib.use_cases.travel.deployments import Deployment, DeploymentFilter, DeploymentStatus


def read_deployments(request: Request) -> DeploymentFilter:
    """Read which deployments are asked for. Faults: Invalid."""
    said = read_parameters(request)
    trains, most = read_trains(request, said, None, is_counted=False), read_count(said)
    build, environment = find_reference(said, BUILD), find_reference(said, ENVIRONMENT)
    number, status = said.whole("deploymentId"), said.word("status", DeploymentStatus)
    explains = request.asker if said.flag("explain") else None
    said.check()
    return DeploymentFilter(
        snapshots=SnapshotFilter(trains=trains, snapshot=build),
        id=number,
        stage=said.text("pipelineStageName"),
        environment=environment,
        status=status,
        most=most,
        explains=explains,
    )


def read_deploy(request: Request) -> DeployAt:
    """Read which build to deploy, and where. Faults: Invalid."""
    said = read_parameters(request)
    address, force, begin = read_build(said), said.flag("force"), _begin(said)
    said.check()
    return DeployAt(
        origin=request.origin,
        address=address,
        stage=said.text("toStage"),
        force=force,
        begin=begin,
        variables=said.variables,
    )


def show_deployments(deployments: Sequence[Deployment]) -> Reply:
    """Show deployments. Faults: TooLarge."""
    return show_list([_deployment(one) for one in deployments])


def read_log(request: Request) -> ReadDeploymentLog:
    """Read the log of which deployment is asked for. Faults: Invalid."""
    said = read_parameters(request)
    said.needed("executionId")
    number = said.whole("executionId")
    said.check()
    return ReadDeploymentLog(origin=request.origin, id=number or 0)


def show_log(text: str) -> Reply:
    """Show a log."""
    return text_reply(text)


def _begin(said: Parameters) -> LocalTime | None:
    if not said.given("startTime"):
        return None
    try:
        return read_local_time(said.text("startTime"), "startTime")
    except Invalid as fault:
        for defect in fault.defects:
            said.refuse(defect.path, defect.message)
        return None


def _deployment(one: Deployment) -> dict[str, Json]:
    snapshot, train = one.of.snapshot, one.of.of.train
    by, at = (one.cancelled.by, one.cancelled.at) if one.cancelled is not None else (None, None)
    return {
        "id": one.id,
        "plan": one.plan,
        "status": one.status,
        "started": shown_instant(one.started_at),
        "ended": shown_instant(one.ended_at),
        "createdBy": one.created_by,
        "createdOn": shown_instant(one.created_at),
        "canceledBy": by,
        "canceledOn": shown_instant(at),
        "pipelineName": pipeline_name(train, snapshot),
        "pipelineStageName": one.stage,
        "environmentId": one.environment,
        "environmentName": one.environment_title,
        **shown_application(one.of.of.application),
        **shown_release_of(train),
        "buildId": snapshot.id,
        "buildNumber": snapshot.number,
        **explain_field(one.explanation),
    }

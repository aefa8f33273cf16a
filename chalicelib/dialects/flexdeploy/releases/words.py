"""Read requests about releases, and show them."""

from collections.abc import Mapping, Sequence
from typing import cast

from chalicelib.dialects.flexdeploy.numbers import id_in
from chalicelib.dialects.flexdeploy.releases import shapes
from chalicelib.dialects.flexdeploy.releases.statuses import READINESS, ReleaseState, release_state
from chalicelib.http.reply import Json
from chalicelib.http.request import Request
from chalicelib.kernel.definitions.gated.write import milliseconds, written_roles
from chalicelib.kernel.trains.gated import GatedTravel, Readiness
from chalicelib.kernel.trains.role import PipelineRole
from chalicelib.kernel.trains.train import Member
from chalicelib.use_cases.travel.releases import (
    CreateRelease,
    ReleaseProject,
    ReleaseQuery,
    ReleaseView,
    UpdateRelease,
)


def read_list(request: Request) -> ReleaseQuery:
    """Read which releases are asked for. Faults: Invalid."""
    return ReleaseQuery(origin=request.origin, name=request.query.text("releaseName") or "")


def read_one(request: Request) -> ReleaseQuery:
    """Read which release is asked for. Faults: Invalid."""
    return ReleaseQuery(origin=request.origin, train=id_in(request, "releaseId"))


def read_new(request: Request) -> CreateRelease:
    """Read a release to plan. Faults: Invalid."""
    body = request.body(shapes.NewReleaseBody)
    return CreateRelease(
        origin=request.origin,
        name=body.release_name,
        pipeline=body.pipeline_id,
        projects=_projects(body.projects or ()),
        description=body.description or "",
        readiness=READINESS[body.release_status or ReleaseState.STARTED],
        timezone=body.timezone or "UTC",
        roles=_roles(body.roles or ()),
        properties=_properties(body.properties or ()),
        schedule=body.schedule_build_expression or "",
    )


def read_changed(request: Request) -> UpdateRelease:
    """Read what is said anew of a release. Faults: Invalid."""
    number, body = id_in(request, "releaseId"), request.body(shapes.ReleaseBody)
    return UpdateRelease(
        origin=request.origin,
        train=number,
        name=body.release_name,
        pipeline=body.pipeline_id,
        projects=_projects(body.projects) if body.projects is not None else None,
        description=body.description,
        readiness=READINESS.get(body.release_status) if body.release_status is not None else None,
        timezone=body.timezone,
        roles=_roles(body.roles) if body.roles is not None else None,
        properties=_properties(body.properties) if body.properties is not None else None,
        schedule=body.schedule_build_expression,
        completes=body.release_status is ReleaseState.COMPLETED,
    )


def shown(view: ReleaseView) -> dict[str, Json]:
    """Show a release."""
    train, gated = view.train, view.train.gated
    travel = gated or GatedTravel(pipeline=0)
    readiness = gated.readiness if gated is not None else Readiness.STARTED
    return {
        "releaseId": train.id,
        "releaseName": train.name,
        "releaseStatus": release_state(train.status, readiness),
        "description": train.description or None,
        "pipelineId": gated.pipeline if gated is not None else None,
        "pipelineName": train.pipeline,
        "startDate": milliseconds(train.created_at),
        "endDate": milliseconds(train.ending.at) if train.ending is not None else None,
        "timezone": travel.timezone,
        "scheduleBuildExpression": travel.schedule or None,
        "projects": [_project(application, member) for application, member in view.members],
        "roles": cast("Json", written_roles(travel.roles)),
        "properties": [{"name": name, "value": value} for name, value in travel.properties.items()],
    }


def _projects(given: Sequence[shapes.ReleaseProjectBody]) -> tuple[ReleaseProject, ...]:
    return tuple(
        ReleaseProject(
            application=one.project_id,
            priority=one.priority,
            groups=tuple(one.project_groups),
            branch=one.project_stream_id or 0,
        )
        for one in given
    )


def _roles(given: Sequence[shapes.ReleaseRoleBody]) -> tuple[PipelineRole, ...]:
    return tuple(
        PipelineRole(name=one.role_name, users=tuple(one.users), groups=tuple(one.groups), emails=tuple(one.emails))
        for one in given
    )


def _properties(given: Sequence[shapes.NamedValueBody]) -> Mapping[str, str]:
    return {one.name: one.value for one in given}


def _project(application: int, member: Member) -> Json:
    return {
        "projectId": application,
        "priority": member.priority,
        "packageName": None,
        "requestAllFiles": True,
        "buildEnvironmentId": None,
        "projectStreamId": member.branch or None,
        "projectGroups": list(member.groups),
    }

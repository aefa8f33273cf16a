"""Read workflow requests, and show how far they are."""

from collections.abc import Mapping, Sequence

from chalicelib.dialects.flexdeploy.numbers import id_in
from chalicelib.dialects.flexdeploy.requests import shapes
from chalicelib.dialects.flexdeploy.requests.statuses import request_status
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.definitions.gated.write import milliseconds
from chalicelib.kernel.installation.portfolio import WorkflowType
from chalicelib.use_cases.definitions.workflow_requests import CreateRequest, RequestQuery, RequestView
from chalicelib.use_cases.installation.folders import folder_of

NOT_OURS: Mapping[str, Json] = {
    "folderRequestId": None,
    "folderVersionId": None,
    "stopOnPackageError": False,
    "requestAllFiles": True,
    "exceptionToWindow": False,
}
"""What requests of whole folders, packages and windows have. Ours are of one project, which is whole."""


def read_build(request: Request) -> CreateRequest:
    """Read a build to request. Faults: Invalid."""
    body = request.body(shapes.BuildRequestBody)
    return CreateRequest(
        origin=request.origin,
        type=WorkflowType.BUILD,
        application=body.project_id,
        environment=body.environment_id,
        branch=body.project_stream_id,
        workflow_version=body.workflow_version_override_id,
        train=body.release_def_id,
        force=body.force,
        package=body.package_name or "",
        inputs=_coded(body.inputs),
        fields=_coded(body.flex_fields),
    )


def read_deploy(request: Request) -> CreateRequest:
    """Read a deploy to request. Faults: Invalid."""
    body = request.body(shapes.DeployRequestBody)
    return CreateRequest(
        origin=request.origin,
        type=WorkflowType.DEPLOY,
        application=body.project_id,
        environment=body.environment_id,
        version=body.project_version_id,
        force=body.force_deploy,
        package=body.package_name or "",
        inputs=_coded(body.inputs),
        fields=_coded(body.flex_fields),
    )


def read_one(request: Request) -> RequestQuery:
    """Read which workflow request is asked for. Faults: Invalid."""
    return RequestQuery(origin=request.origin, id=id_in(request, "workflowRequestId"))


def show_request(view: RequestView) -> Reply:
    """Show a workflow request."""
    request, status = view.request, request_status(view.run.phase)
    return json_reply(
        {
            "workflowRequestId": view.id,
            "requestStatus": status,
            "workflowRequestStatus": status,
            "requestedBy": view.run.plan.started_by,
            "requestedStartTime": milliseconds(view.run.plan.created_at),
            "projectId": request.application,
            "projectName": view.application.title,
            "folderId": folder_of(view.application),
            "folderName": view.folders[-1],
            "folderPath": "/".join(view.folders),
            "projectStreamId": request.branch,
            "projectVersionId": request.version,
            "projectVersionName": view.version.title if view.version is not None else None,
            "projectWorkflowId": request.workflow,
            "environmentId": request.environment,
            "releaseDefinitionId": request.train,
            "releaseSnapshotId": view.snapshot,
            "packageName": request.package or None,
            "workflowOverrideVersion": request.workflow_version or None,
            "force": request.force,
            "flexFields": _shown(request.fields),
            **NOT_OURS,
        }
    )


def _coded(given: Sequence[shapes.CodedValueBody]) -> Mapping[str, str]:
    return {one.code: one.value for one in given}


def _shown(values: Mapping[str, str]) -> Sequence[Json]:
    return [{"code": code, "value": value} for code, value in values.items()]

"""Read requests about workflows, and show them, without their scripts."""

from chalicelib.dialects.flexdeploy.numbers import id_in
from chalicelib.dialects.flexdeploy.projects import shapes
from chalicelib.http.reply import Json
from chalicelib.http.request import Request
from chalicelib.kernel.installation.portfolio import Workflow
from chalicelib.use_cases.installation.workflows import CreateWorkflow, WorkflowQuery


def read_list(request: Request) -> WorkflowQuery:
    """Read which workflows are asked for. Faults: Invalid."""
    return WorkflowQuery(origin=request.origin, title=request.query.text("workflowName") or "")


def read_one(request: Request) -> WorkflowQuery:
    """Read which workflow is asked for. Faults: Invalid."""
    return WorkflowQuery(origin=request.origin, id=id_in(request, "workflowId"))


def read_new(request: Request) -> CreateWorkflow:
    """Read a workflow to create. Faults: Invalid."""
    body = request.body(shapes.NewWorkflowBody)
    return CreateWorkflow(
        origin=request.origin,
        title=body.workflow_name,
        type=body.workflow_type,
        versions=tuple(one.workflow_version for one in body.workflow_versions),
        script=body.script,
    )


def shown(workflow: Workflow) -> dict[str, Json]:
    """Show a workflow."""
    return {
        "workflowId": workflow.id,
        "workflowName": workflow.title,
        "workflowType": workflow.type,
        "workflowVersions": [{"workflowVersion": one.number, "workflowVersionId": one.id} for one in workflow.versions],
    }

"""Rows of workflow requests, which the Jenkins plugin makes and follows."""

from chalicelib.dialects.flexdeploy.dialect import FLEXDEPLOY, PREFIX
from chalicelib.dialects.flexdeploy.requests import shapes, words
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.use_cases.definitions.workflow_requests import create_request, get_request

GROUP = Group(FLEXDEPLOY, "Workflow Requests")
REQUEST = f"{PREFIX}/rest/v2/workflowrequest"

OPERATIONS = (
    GROUP.operation(
        f"POST {REQUEST}/build",
        "Build a project by its workflow: a run, which makes the next version.",
        AUTHENTICATED,
        Handling(words.read_build, create_request, words.show_request),
        schema=Schema(status=201, body=shapes.BuildRequestBody, answer=shapes.WorkflowRequestShape),
    ),
    GROUP.operation(
        f"POST {REQUEST}/deploy",
        "Deploy a version of a project to an environment by its workflow.",
        AUTHENTICATED,
        Handling(words.read_deploy, create_request, words.show_request),
        schema=Schema(status=201, body=shapes.DeployRequestBody, answer=shapes.WorkflowRequestShape),
    ),
    GROUP.operation(
        f"GET {REQUEST}/{{workflowRequestId}}",
        "How far a workflow request is.",
        AUTHENTICATED,
        Handling(words.read_one, get_request, words.show_request),
        schema=Schema(answer=shapes.WorkflowRequestShape),
    ),
)

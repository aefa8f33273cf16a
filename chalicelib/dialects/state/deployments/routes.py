"""Rows of remote state: deployments as Escape's CLI reads and writes them."""

from chalicelib.dialects.state.deployments import shapes, words
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.shapes import OneQuery
from chalicelib.dialects.state.words import show_nothing
from chalicelib.http.operation import Group, Handling, Schema
from chalicelib.http.permission import PROJECT_READ, PROJECT_WORK
from chalicelib.use_cases.projects.deployments import delete_deployment, get_deployment, list_history, update_state

GROUP = Group(STATE, "State")
ENVIRONMENT = "/api/v1/state/{project}/environments/{environment}"

OPERATIONS = (
    GROUP.operation(
        f"GET {ENVIRONMENT}/deployments/",
        "The deployment that `?deployment=` names, now or `?at=` an instant.",
        PROJECT_READ,
        Handling(words.read_deployment, get_deployment, words.show_deployment),
        schema=Schema(query=shapes.DeploymentQuery, answer=shapes.DeploymentBody),
    ),
    GROUP.operation(
        f"GET {ENVIRONMENT}/deployments/history",
        "What was done to the deployment that `?deployment=` names, newest first.",
        PROJECT_READ,
        Handling(words.read_history, list_history, words.show_history),
        schema=Schema(query=shapes.HistoryQuery, answer=list[shapes.ChangeShape]),
    ),
    GROUP.operation(
        f"POST {ENVIRONMENT}/deployments/",
        "Write the state of a deployment that is not there yet.",
        PROJECT_WORK,
        Handling(words.read_new_state, update_state, show_nothing),
        schema=Schema(query=OneQuery, body=shapes.StateBody),
    ),
    GROUP.operation(
        f"PUT {ENVIRONMENT}/deployments/",
        "Write the state of a deployment, or of one below it.",
        PROJECT_WORK,
        Handling(words.read_state, update_state, show_nothing),
        schema=Schema(query=OneQuery, body=shapes.StateBody),
    ),
    GROUP.operation(
        f"DELETE {ENVIRONMENT}/deployments/",
        "Forget the state of a deployment; its history stays.",
        PROJECT_WORK,
        Handling(words.read_delete, delete_deployment, show_nothing),
        schema=Schema(query=OneQuery),
    ),
)

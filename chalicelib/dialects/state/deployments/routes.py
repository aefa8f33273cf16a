"""Rows about remote state: deployments as Escape's CLI reads and writes them."""

from chalicelib.dialects.state.deployments import shapes, words
from chalicelib.dialects.state.dialect import STATE
from chalicelib.dialects.state.words import show_nothing
from chalicelib.http.operation import About, operation
from chalicelib.http.permission import PROJECT_READ, PROJECT_WRITE
from chalicelib.use_cases.projects.deployments import delete_deployment, list_history, put_state, see_deployment

GROUP = "State"
ENVIRONMENT = "/api/v1/state/{project}/environments/{environment}"

OPERATIONS = (
    operation(
        STATE,
        f"GET {ENVIRONMENT}/deployments/",
        read=words.read_deployment,
        verb=see_deployment,
        show=words.show_deployment,
        permission=PROJECT_READ,
        about=About(
            group=GROUP,
            summary="The deployment that `?deployment=` names, now or `?at=` an instant.",
            answer=shapes.DeploymentBody,
        ),
    ),
    operation(
        STATE,
        f"GET {ENVIRONMENT}/deployments/history",
        read=words.read_history,
        verb=list_history,
        show=words.show_history,
        permission=PROJECT_READ,
        about=About(
            group=GROUP,
            summary="What was done to the deployment that `?deployment=` names, newest first.",
            answer=list[shapes.ChangeShape],
        ),
    ),
    operation(
        STATE,
        f"POST {ENVIRONMENT}/deployments/",
        read=words.read_new_state,
        verb=put_state,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(
            group=GROUP, summary="Write the state of a deployment that is not there yet.", body=shapes.StateBody
        ),
    ),
    operation(
        STATE,
        f"PUT {ENVIRONMENT}/deployments/",
        read=words.read_state,
        verb=put_state,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(group=GROUP, summary="Write the state of a deployment, or of one below it.", body=shapes.StateBody),
    ),
    operation(
        STATE,
        f"DELETE {ENVIRONMENT}/deployments/",
        read=words.read_delete,
        verb=delete_deployment,
        show=show_nothing,
        permission=PROJECT_WRITE,
        about=About(group=GROUP, summary="Forget the state of a deployment; its history stays."),
    ),
)

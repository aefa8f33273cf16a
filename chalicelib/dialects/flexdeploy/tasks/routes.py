"""Rows of tasks: approvals of gates, and manual steps."""

from chalicelib.dialects.flexdeploy.dialect import FLEXDEPLOY, PREFIX
from chalicelib.dialects.flexdeploy.tasks import shapes, words
from chalicelib.http.operation import Group, Handling, Operation, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.use_cases.travel.decide_tasks import decide_task, decide_ticket
from chalicelib.use_cases.travel.tasks import TaskKind, get_task, list_tasks

GROUP = Group(FLEXDEPLOY, "Tasks")
TASKS = f"{PREFIX}/rest/v1/tasks"


def _rows(kind: TaskKind) -> tuple[Operation, ...]:
    path = f"{TASKS}/{kind}"
    return (
        GROUP.operation(
            f"GET {path}",
            "Tasks of open releases, by stage execution, environment, project, ticket and notes.",
            AUTHENTICATED,
            Handling(words.read_list_of(kind), list_tasks, words.show_tasks),
            schema=Schema(query=shapes.TaskQueryShape, answer=list[shapes.StageTaskShape]),
        ),
        GROUP.operation(
            f"GET {path}/{{taskId}}",
            "A task.",
            AUTHENTICATED,
            Handling(words.read_one_of(kind), get_task, words.show_task),
            schema=Schema(answer=shapes.StageTaskShape),
        ),
        GROUP.operation(
            f"POST {path}/{{taskId}}",
            "Claim, approve or reject a task.",
            AUTHENTICATED,
            Handling(words.read_act_of(kind), decide_task, words.show_task),
            schema=Schema(body=shapes.TaskActBody, answer=shapes.StageTaskShape),
        ),
    )


OPERATIONS = (
    *_rows(TaskKind.APPROVAL),
    *_rows(TaskKind.MANUAL),
    GROUP.operation(
        f"POST {TASKS}/approval",
        "Tell what another system decided about a ticket for which gates wait.",
        AUTHENTICATED,
        Handling(words.read_ticket, decide_ticket, words.show_task),
        schema=Schema(body=shapes.TicketActBody, answer=shapes.StageTaskShape),
    ),
)

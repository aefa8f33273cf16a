"""Read what is said of a stage before it begins, and show it."""

from collections.abc import Mapping

from chalicelib.dialects.flexdeploy.executions import shapes
from chalicelib.dialects.flexdeploy.numbers import ids_in
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.plans.work import Ticket
from chalicelib.kernel.trains.stage_information import ProjectInformation, StageInformation, Treatment
from chalicelib.use_cases.travel.inform_stage import InformStage

TREATMENTS: Mapping[str | None, Treatment] = {
    None: Treatment.USUAL,
    "force": Treatment.FORCED,
    "skip": Treatment.SKIPPED,
}
ACTIONS = {treatment: action for action, treatment in TREATMENTS.items()}


def read_information(request: Request) -> InformStage:
    """Read what is said of a stage. Faults: Invalid."""
    ids, body = ids_in(request, ("releaseId", "snapshotId", "environmentId")), request.body(shapes.StageInfoBody)
    information = StageInformation(
        environment=ids["environmentId"] or 0,
        tickets=_tickets(body.tickets),
        projects=tuple(_project(one) for one in body.projects),
    )
    return InformStage(
        origin=request.origin,
        train=ids["releaseId"] or 0,
        snapshot=ids["snapshotId"] or 0,
        information=information,
    )


def show_information(said: StageInformation) -> Reply:
    """Show what is known of a stage."""
    projects: list[Json] = [
        {
            "projectId": one.application,
            "inputs": [{"code": code, "value": value} for code, value in one.inputs.items()],
            "tickets": _shown(one.tickets),
            "action": ACTIONS[one.treatment],
        }
        for one in said.projects
    ]
    return json_reply({"environmentId": said.environment, "tickets": _shown(said.tickets), "projects": projects})


def _project(said: shapes.ProjectInfoBody) -> ProjectInformation:
    return ProjectInformation(
        application=said.project_id,
        inputs={one.code: one.value for one in said.inputs},
        tickets=_tickets(said.tickets),
        treatment=TREATMENTS[said.action],
    )


def _tickets(said: list[shapes.TicketShape]) -> tuple[Ticket, ...]:
    return tuple(Ticket(system=one.external_system_type, id=one.external_id) for one in said)


def _shown(tickets: tuple[Ticket, ...]) -> list[Json]:
    return [{"externalSystemType": one.system, "externalId": one.id} for one in tickets]

"""What is said of a stage before it begins: kept with the snapshot, and taken up by what has not begun."""

import pytest

from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.installation.portfolio import ProjectWorkflow, WorkflowType
from chalicelib.kernel.plans.plan import Node
from chalicelib.kernel.plans.work import Job, Ticket
from chalicelib.kernel.trains.snapshot import Snapshot
from chalicelib.kernel.trains.stage_information import ProjectInformation, StageInformation, Treatment
from chalicelib.use_cases.installation.portfolio import UpdateProjectIn, update_project_in
from chalicelib.use_cases.installation.workflows import CreateWorkflow, create_workflow
from chalicelib.use_cases.travel.decide_tasks import DecideTicket, decide_ticket
from chalicelib.use_cases.travel.inform_stage import InformStage, inform_stage
from chalicelib.use_cases.travel.tasks import TaskKind, TaskQuery, TaskStatus, list_tasks
from tests.kernel.definitions.gated.given import Json, a_gate, a_stage, a_step
from tests.use_cases.catalog_ports import READER, ROOT, WRITER, an_origin
from tests.use_cases.travel.gated_line import GatedLine

DEPLOY = a_step("DEPLOY_ALL", "deploy")
LOOK = a_step("MANUAL", "look")
SPECIFIC, BESIDE = Ticket(system="jira", id="S-1"), Ticket(system="snow", id="C-1")


@pytest.fixture
def line() -> GatedLine:
    made = GatedLine()
    ship = CreateWorkflow(
        origin=an_origin(ROOT), title="ship", type=WorkflowType.DEPLOY, versions=("1.0",), script="ship"
    )
    workflow = create_workflow(made.ports, ship)
    workflows = (ProjectWorkflow(type=workflow.type, workflow=workflow.id),)
    update_project_in(
        made.ports, UpdateProjectIn(origin=an_origin(ROOT), id=made.web.id, title="web", folder=99, workflows=workflows)
    )
    return made


def stages(line: GatedLine, *gates: Json) -> tuple[Json, Json]:
    """A stage in which somebody looks, and one behind gates that deploys."""
    return a_stage(LOOK, environment=line.dev), a_stage(DEPLOY, gates=gates, environment=line.prod)


def inform(line: GatedLine, snapshot: Snapshot, *projects: ProjectInformation, **said: object) -> StageInformation:
    """Say of production."""
    given = {"environment": line.prod, **said}
    information = StageInformation(projects=projects, **given)  # type: ignore[arg-type]  # fields of it, by name
    command = InformStage(origin=an_origin(WRITER), train=snapshot.train, snapshot=snapshot.id, information=information)
    told = inform_stage(line.ports, command)
    line.work_off()
    return told


def shipping(line: GatedLine, snapshot: Snapshot) -> Node:
    """What ships the project in production."""
    plan = line.runs.plan(line.run_of(snapshot).plan)
    return next(node for node in plan.stages[-1].steps if isinstance(node.work, Job))


def variables(line: GatedLine, snapshot: Snapshot) -> object:
    """What its script is given."""
    work = shipping(line, snapshot).work
    assert isinstance(work, Job)
    return work.ask["environment"]


def test_inputs_and_force_reach_the_script_of_a_stage_that_has_not_begun(line: GatedLine) -> None:
    snapshot = line.travel(*stages(line))
    inputs = {"SPEED": "slow", "PROJECT": "not mine to say"}
    inform(line, snapshot, ProjectInformation(application=line.web.id, inputs=inputs, treatment=Treatment.FORCED))

    given = variables(line, snapshot)
    assert given == {"SPEED": "slow", "PROJECT": "web", "PROJECT_VERSION": "1", "FORCE": "true"}
    line.decide(snapshot, "look")
    (lease,) = line.lease()
    assert lease.job.ask["environment"] == given


def test_a_project_that_is_left_out_is_not_deployed(line: GatedLine) -> None:
    snapshot = line.travel(*stages(line))
    inform(line, snapshot, ProjectInformation(application=line.web.id, treatment=Treatment.SKIPPED))
    line.decide(snapshot, "look")

    assert line.nodes(snapshot)["deploy web 1"] is Phase.SKIPPED
    assert line.run_of(snapshot).phase is Phase.SUCCEEDED


def test_what_is_said_later_stands_in_place_of_what_was_said(line: GatedLine) -> None:
    snapshot = line.travel(*stages(line))
    inform(line, snapshot, ProjectInformation(application=line.web.id, treatment=Treatment.SKIPPED))
    inform(line, snapshot, ProjectInformation(application=line.web.id, inputs={"SPEED": "fast"}))
    assert shipping(line, snapshot).policy.precondition is None
    stored = line.ports.snapshots.snapshot(snapshot.train, snapshot.id)
    assert [one.environment for one in stored.information] == [line.prod]


def test_a_gate_waits_for_every_ticket_that_was_entered(line: GatedLine) -> None:
    gate = a_gate("EXT_APPROVAL", "change", externalSystemType="jira", externalId="usual")
    snapshot = line.travel(*stages(line, gate))
    of_web = ProjectInformation(application=line.web.id, tickets=(Ticket(system="jira", id="S-2"), BESIDE))
    inform(line, snapshot, of_web, tickets=(SPECIFIC,))
    line.decide(snapshot, "look")

    tasks = TaskQuery(by=WRITER, kind=TaskKind.APPROVAL, system="jira")
    assert [[ticket.id for ticket in one.tickets] for one in list_tasks(line.ports, tasks)] == [["S-1", "S-2"]]
    said = DecideTicket(origin=an_origin(WRITER), system="jira", ticket="S-1", approved=True)
    half = decide_ticket(line.ports, said)
    assert (half.status, half.tickets[0].id) == (TaskStatus.PENDING, "S-2")
    assert line.nodes(snapshot)["change"] is Phase.WAITING_PERSON
    with pytest.raises(NotFound):
        decide_ticket(line.ports, DecideTicket(origin=an_origin(WRITER), system="snow", ticket="C-1", approved=True))
    whole = DecideTicket(origin=an_origin(WRITER), system="jira", ticket="S-2", approved=True)
    assert decide_ticket(line.ports, whole).status is TaskStatus.APPROVED
    line.work_off()
    assert line.nodes(snapshot)["change"] is Phase.SUCCEEDED


def test_tickets_about_which_was_decided_stay_and_inputs_may_be_said_until_the_steps_begin(line: GatedLine) -> None:
    gates = (a_gate("EXT_APPROVAL", "change", externalSystemType="jira"), a_gate("APPROVAL", "ok"))
    snapshot = line.travel(*stages(line, *gates))
    inform(line, snapshot, tickets=(SPECIFIC,))
    line.decide(snapshot, "look")
    decide_ticket(line.ports, DecideTicket(origin=an_origin(WRITER), system="jira", ticket="S-1", approved=True))
    line.work_off()

    with pytest.raises(Conflict, match="is decided"):
        inform(line, snapshot)
    inform(line, snapshot, ProjectInformation(application=line.web.id, inputs={"SPEED": "slow"}), tickets=(SPECIFIC,))
    line.decide(snapshot, "ok")
    with pytest.raises(Conflict, match="too late"):
        inform(line, snapshot, tickets=(SPECIFIC,))


def test_a_replay_takes_up_what_was_said_after_its_stage_had_ended(line: GatedLine) -> None:
    snapshot = line.travel(*stages(line, a_gate("APPROVAL", "ok")))
    line.decide(snapshot, "look")
    line.decide(snapshot, "ok", ActKind.REJECTED)
    inform(line, snapshot, ProjectInformation(application=line.web.id, treatment=Treatment.SKIPPED))
    line.replay(snapshot)
    line.decide(snapshot, "ok")
    assert line.nodes(snapshot)["deploy web 1"] is Phase.SKIPPED


def test_what_is_said_is_refused_with_every_defect_and_nothing_kept(line: GatedLine) -> None:
    snapshot = line.travel(*stages(line))
    web = ProjectInformation(application=line.web.id)
    wrong = ProjectInformation(application=7, inputs={"-": "x"}, tickets=(Ticket(system="snow", id="S-1"),))
    with pytest.raises(Invalid) as refused:
        inform(line, snapshot, web, wrong, web, tickets=(SPECIFIC,))
    assert [one.path for one in refused.value.defects] == [
        "projects[1].projectId",
        "projects[1].inputs.-",
        "projects[2].projectId",
        "projects[1].tickets[0].externalId",
    ]
    with pytest.raises(NotFound):
        inform(line, snapshot, environment=7)
    assert line.ports.snapshots.snapshot(snapshot.train, snapshot.id).information == ()


def test_who_may_not_write_says_nothing(line: GatedLine) -> None:
    snapshot = line.travel(*stages(line))
    information = StageInformation(environment=line.prod)
    with pytest.raises(Forbidden):
        inform_stage(
            line.ports,
            InformStage(origin=an_origin(READER), train=snapshot.train, snapshot=snapshot.id, information=information),
        )

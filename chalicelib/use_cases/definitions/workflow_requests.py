"""Workflow requests: build a project, or deploy a version of it, by its workflow. Each is a run in the project.

A request's id is one of its run. What the caller may not read is answered like what is not there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field

from chalicelib.kernel.access.actor import actor_of
from chalicelib.kernel.access.principal import may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.definitions.run_request import Beginning
from chalicelib.kernel.definitions.workflow_request import (
    RequestScope,
    WorkflowRequest,
    request_of,
    request_pipeline,
    with_request,
)
from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.kernel.installation.entries import Application, SharedEnvironment
from chalicelib.kernel.installation.portfolio import ProjectVersion, Workflow, WorkflowType, run_handle
from chalicelib.kernel.trains.variables import variable_defects
from chalicelib.use_cases.access.authorise import require
from chalicelib.use_cases.access.persons import begun_by
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.definitions.built_for_train import given_snapshot
from chalicelib.use_cases.installation.folders import folders_around
from chalicelib.use_cases.installation.portfolio import application_for, branch_of
from chalicelib.use_cases.installation.saving import create_entry
from chalicelib.use_cases.launch.plan import plan_pipeline
from chalicelib.use_cases.launch.run_ids import run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.advance import start_run
from chalicelib.use_cases.runs.read import RunView, get_run
from chalicelib.use_cases.trains.find import may_read_train
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

OF_RUNS, SUFFIX = "run", "#request"
"""Owner of the ids of a run, and what makes the block its request's."""


@frozen
class CreateRequest:
    """Request a workflow. environment, branch, version, workflow_version, train: ids.

    version: what is deployed; None for the next, which a build makes. force: said to the workflow, which decides.
    """

    origin: Origin
    type: WorkflowType
    application: int
    environment: int | None = None
    branch: int | None = None
    version: int | None = None
    workflow_version: int | None = None
    train: int | None = None
    force: bool = False
    package: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)


@frozen
class RequestQuery:
    """Query: the workflow request of an id."""

    origin: Origin
    id: int


@frozen
class RequestView:
    """A workflow request with its run, and what it names. snapshot: the id of the one that carries what it built.

    folders: titles of those around its project, the outermost first.
    """

    id: int
    request: WorkflowRequest
    run: RunView
    application: Application
    version: ProjectVersion | None
    folders: tuple[str, ...]
    snapshot: int | None = None


def create_request(ports: Ports, command: CreateRequest) -> RequestView:
    """Request a workflow; its run begins. Faults: Invalid with every defect, NotFound, Forbidden, Conflict."""
    application = application_for(ports, command.origin, command.application, Level.WRITE)
    workflow = _workflow(ports, application, command.type)
    if defects := tuple(_defects(ports, command, application, workflow)):
        raise Invalid(defects)
    run = run_id_for(ports, command.origin)
    version = _version(ports, command, application, run)
    environment = _environment(ports, command.environment)
    request = _request(command, workflow, version)
    of = RequestScope(
        request=request, application=application, workflow=workflow, version=version, environment=environment
    )
    _start(ports, command.origin, of, run)
    return _view(ports, get_run(ports, run), request, application)


def get_request(ports: Ports, query: RequestQuery) -> RequestView:
    """Return a workflow request. Faults: NotFound."""
    missing = NotFound(f"no workflow request {query.id}")
    owner = ports.numbers.find_owner(query.id)
    if owner is None or owner.kind != OF_RUNS or not owner.id.endswith(SUFFIX):
        raise missing
    found = ports.runs.find_run(owner.id.removesuffix(SUFFIX))
    request = request_of(ports.runs.plan(found.plan)) if found is not None else None
    if found is None or request is None or _id(ports, found.id) != query.id:
        raise missing
    application = ports.installation.find(Application, request.application)
    if application is None:
        raise missing
    require(query.origin.by, Level.READ, application.project, missing=str(missing))
    return _view(ports, get_run(ports, found.id), request, application)


def _workflow(ports: Ports, application: Application, kind: WorkflowType) -> Workflow:
    number = next((one.workflow for one in application.workflows if one.type is kind), 0)
    found = ports.installation.find(Workflow, number)
    if found is None:
        raise Invalid.single("projectId", f"project {application.id} has no workflow of type {kind}")
    return found


def _defects(ports: Ports, command: CreateRequest, application: Application, of: Workflow) -> Iterator[Defect]:
    if command.environment is not None and _environment(ports, command.environment) is None:
        yield Defect("environmentId", f"no environment {command.environment}")
    if command.workflow_version not in (None, *(one.id for one in of.versions)):
        yield Defect("workflowVersionOverrideId", f"no version {command.workflow_version} of workflow {of.id}")
    if command.version is not None and _known(ports, application, command.version) is None:
        yield Defect("projectVersionId", f"no version {command.version} of project {application.id}")
    yield from _train_defects(ports, command, application)
    yield from variable_defects(command.inputs, "inputs")


def _train_defects(ports: Ports, command: CreateRequest, application: Application) -> Iterator[Defect]:
    if command.train is None:
        return
    train, by = ports.trains.find_train(command.train), command.origin.by
    members = train.members if train is not None and may_read_train(by, train) else ()
    if not any((one.project, one.application) == (application.project, application.name) for one in members):
        yield Defect("releaseDefId", f"no release {command.train} has project {application.id}")
    elif train is not None and not may(by, Level.WRITE, train.project):
        yield Defect("releaseDefId", f"{by.name} may not give release {command.train} a snapshot")


def _environment(ports: Ports, number: int | None) -> SharedEnvironment | None:
    return ports.installation.find(SharedEnvironment, number) if number is not None else None


def _known(ports: Ports, application: Application, number: int) -> ProjectVersion | None:
    found = ports.installation.find(ProjectVersion, number)
    return found if found is not None and found.application == application.id else None


def _version(ports: Ports, command: CreateRequest, application: Application, run: str) -> ProjectVersion:
    """Return the version that is deployed or built; a repeated request finds the one that it made."""
    known = _known(ports, application, command.version) if command.version is not None else None
    known = known or ports.installation.find_by(ProjectVersion, run_handle(run))
    if known is not None:
        return known
    branch = branch_of(ports, command.origin, application, command.branch)
    number = ports.numbers.following_id("version")
    version = ProjectVersion(
        id=number,
        # Unique and increasing, and no count of its own has to be kept.
        title=f"1.0.{number}",
        application=application.id,
        branch=branch.id,
        run=run,
    )
    return create_entry(ports, command.origin, version)


def _request(command: CreateRequest, workflow: Workflow, version: ProjectVersion) -> WorkflowRequest:
    numbers = {one.id: one.number for one in workflow.versions}
    return WorkflowRequest(
        type=command.type,
        application=command.application,
        workflow=workflow.id,
        version=version.id,
        branch=version.branch,
        environment=command.environment,
        train=command.train,
        workflow_version=numbers.get(command.workflow_version or 0, ""),
        force=command.force,
        package=command.package,
        fields=command.fields,
        inputs=command.inputs,
        acts_for=actor_of(command.origin.by, command.origin.at),
    )


def _start(ports: Ports, origin: Origin, of: RequestScope, run: str) -> None:
    if ports.runs.find_run(run) is not None:
        return
    base = PipelineDefinition(
        id=f"workflow/{of.workflow.id}",
        project=of.application.project,
        name=of.workflow.title,
        created_at=origin.at,
    )
    beginning = Beginning(id=run, by=origin.by.name, begun_by=begun_by(ports, origin.by))
    plan = plan_pipeline(ports, request_pipeline(of, base), beginning)
    start_run(ports, with_request(plan, of.request), origin=origin)


def _view(ports: Ports, run: RunView, request: WorkflowRequest, application: Application) -> RequestView:
    return RequestView(
        id=_id(ports, run.run.id),
        request=request,
        run=run,
        application=application,
        version=ports.installation.find(ProjectVersion, request.version),
        folders=folders_around(ports, application),
        snapshot=given_snapshot(ports, run.run.id) if request.train is not None else None,
    )


def _id(ports: Ports, run: str) -> int:
    return ports.numbers.ensure_ids(OF_RUNS, f"{run}{SUFFIX}")

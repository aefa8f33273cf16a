"""Workflow requests: a workflow that runs for a project once, to build it or to deploy a version of it."""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace

from chalicelib.kernel.access.actor import Actor
from chalicelib.kernel.codec import decode, encode
from chalicelib.kernel.definitions.pipeline import (
    PipelineDefinition,
    PipelinePhase,
    PipelineStep,
    ScriptDeployment,
    StepType,
)
from chalicelib.kernel.engine.phase import GOOD
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.installation.entries import Application, SharedEnvironment
from chalicelib.kernel.installation.portfolio import ProjectVersion, Workflow, WorkflowType
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.plans.work import VersionRule
from chalicelib.kernel.trains.numbering import as_version
from slipway_formats.frozen import frozen

REQUEST = "workflow_request"
"""In a plan's snapshot: the request that its run is for."""


@frozen
class WorkflowRequest:
    """What was requested. application, workflow, version, branch, environment, train: ids; the last may be missing.

    package, fields: as they were given, for display. workflow_version: another than the latest. inputs: variables of
    the script. acts_for: in whose name a build is given to the train.
    """

    type: WorkflowType
    application: int
    workflow: int
    version: int
    branch: int
    environment: int | None = None
    train: int | None = None
    workflow_version: str = ""
    force: bool = False
    package: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    acts_for: Actor | None = None


@frozen
class RequestScope:
    """What a request names, as it was found."""

    request: WorkflowRequest
    application: Application
    workflow: Workflow
    version: ProjectVersion
    environment: SharedEnvironment | None = None


def request_pipeline(of: RequestScope, base: PipelineDefinition) -> PipelineDefinition:
    """Return the pipeline of one step that does what was requested. base: without phases."""
    place = of.environment.name if of.environment is not None else ""
    is_placed = of.request.type is WorkflowType.DEPLOY
    step = replace(_step(of, place), name=of.workflow.title)
    phase = PipelinePhase(name=of.workflow.title, environment=place if is_placed else "", steps=(step,))
    return replace(base, phases=(phase,))


def with_request(plan: Plan, request: WorkflowRequest) -> Plan:
    """Return the plan with the request that its run is for."""
    return replace(plan, snapshot={**plan.snapshot, REQUEST: encode(WorkflowRequest, request)})


def request_of(plan: Plan) -> WorkflowRequest | None:
    """Return the request that a plan's run is for; None for any other run."""
    held = plan.snapshot.get(REQUEST)
    return decode(WorkflowRequest, held) if held is not None else None


def has_built_for_train(plan: Plan, run: Run) -> bool:
    """Return True if a run has built a version that a train is to be given."""
    request = request_of(plan)
    is_build = request is not None and request.type is WorkflowType.BUILD and request.train is not None
    return is_build and run.is_final and run.phase in GOOD


def _step(of: RequestScope, place: str) -> PipelineStep:
    if of.workflow.script:
        return PipelineStep(
            type=StepType.SCRIPT, script=of.workflow.script, variables=_variables(of), deploys=tuple(_deployments(of))
        )
    if of.request.type is WorkflowType.DEPLOY:
        return PipelineStep(
            type=StepType.DEPLOY,
            project=of.application.project,
            environment=place,
            deployment=of.application.name,
            update_version=VersionRule.TAGGED,
            tag_tagged_version=of.version.title,
        )
    return PipelineStep(type=StepType.NOOP)


def _deployments(of: RequestScope) -> Iterator[ScriptDeployment]:
    if of.request.type is WorkflowType.DEPLOY:
        yield ScriptDeployment(
            project=of.application.project,
            application=of.application.name,
            version=as_version(of.version.title, of.version.id),
            number=of.version.title,
        )


def _variables(of: RequestScope) -> Mapping[str, str]:
    code = {"ENVIRONMENT_CODE": of.environment.code} if of.environment is not None else {}
    own = {"PROJECT": of.application.title, "PROJECT_VERSION": of.version.title, **code}
    number = of.request.workflow_version or of.workflow.versions[-1].number
    forced = {"FORCE": "true"} if of.request.force else {}
    return {**of.request.inputs, **own, "WORKFLOW_VERSION": number, **forced}

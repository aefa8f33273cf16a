"""What each type of step and of gate becomes in a plan. How they hang together stands in compile_pipeline."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from chalicelib.kernel import names
from chalicelib.kernel.codec import encode
from chalicelib.kernel.definitions.pipeline import (
    GateType,
    PipelineDefinition,
    PipelineGate,
    PipelinePhase,
    PipelineStep,
    PlacedStep,
    ScriptDeployment,
    StepType,
    tag_key,
)
from chalicelib.kernel.plans.plan import Node, Policy
from chalicelib.kernel.plans.work import (
    Approval,
    CallWebhook,
    DefinitionKind,
    ExternalApproval,
    GateWork,
    Group,
    Impossible,
    Job,
    JobKind,
    ManualTask,
    Noop,
    Notify,
    RunDefinition,
    Schedule,
    TagRelease,
    TestResults,
    VersionRule,
    Wait,
    Windows,
    Work,
)
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen
from slipway_formats.secret_address import has_secret

API_TOKEN = "api_token"  # noqa: S105 - the name of a field
"""In the ask of a script: whether it gets a token for the API."""

SERVER, ROLE = "server", "role"
"""In the ask of a script: for which server or role it runs, by title."""

DEPLOYS = "deploys"
REPORTS_TESTS = "reports_tests"
"""In the ask of a script: whether it may report results of tests."""

STOP_ON_ERROR = "stop_on_error"
"""In the ask of a script: whether it ends at its first command that fails."""

ACTIONS: Mapping[StepType, JobKind] = {
    StepType.DEPLOY: JobKind.DEPLOY,
    StepType.RUN_SMOKE: JobKind.SMOKE,
    StepType.RUN_DESTROY: JobKind.DESTROY,
    StepType.RUN_ERRAND: JobKind.ERRAND,
}

NAMING: Mapping[StepType, str] = {
    StepType.BUILD: "build",
    StepType.PIPELINE_TRIGGER: "pipeline",
    **dict.fromkeys(ACTIONS, "deployment"),
}
"""Which field names the definition that a step runs."""


@frozen
class StepScope:
    """A step and its place. needs: keys of the nodes before it. done: what started the run has satisfied it."""

    definition: PipelineDefinition
    phase: PipelinePhase
    placed: PlacedStep
    needs: tuple[str, ...] = ()
    done: bool = False


def step_nodes(scope: StepScope) -> tuple[Node, ...]:
    """Return the node of a step, followed by the one that writes its tag, if any."""
    placed, step = scope.placed, scope.placed.step
    node = Node(
        key=placed.key,
        name=step_name(placed),
        work=Noop() if scope.done else step_work(scope.definition, scope.phase, step),
        description=step.description,
        needs=scope.needs,
        group=placed.group,
        decided_by=step.decided_by,
        policy=_policy(step),
    )
    return (node, _tag_node(node, step)) if writes_tag(step) else (node,)


def step_name(placed: PlacedStep) -> str:
    """Return the step's name; by default its type and position."""
    return placed.step.name or f"{placed.step.type} {placed.key.removeprefix('s')}"


def writes_tag(step: PipelineStep) -> bool:
    """Whether the step writes a tag besides its own work."""
    return bool(step.tag) and step.type is not StepType.TAG_RELEASE


def step_defects(step: PipelineStep) -> Iterator[Defect]:
    """Yield defects of a step that cannot be found in its compiled node."""
    if step.type is StepType.GROUP and not step.steps:
        yield Defect("steps", "a group needs at least one step")
    if step.type is not StepType.GROUP and step.steps:
        yield Defect("steps", "only a group has steps")
    yield from names.variables({**step.errand_inputs, **step.errand_secrets}, "errand_inputs")
    for place, address in enumerate(step.to):
        if has_secret(address, is_called=True):
            yield Defect(f"to[{place}]", "holds a secret: call such an address by a step of type webhook-trigger")


def step_work(definition: PipelineDefinition, phase: PipelinePhase, step: PipelineStep) -> Work:
    """Compile a step to its kind of work."""
    match step.type:
        case StepType.BUILD | StepType.PIPELINE_TRIGGER:
            return _run(definition, phase, step)
        case StepType.DEPLOY | StepType.RUN_SMOKE | StepType.RUN_DESTROY | StepType.RUN_ERRAND:
            return _action(definition, phase, step)
        case StepType.WEBHOOK_TRIGGER:
            return CallWebhook(url=step.webhook_url, secret=step.webhook_secret)
        case StepType.TAG_RELEASE:
            return _tag(step)
        case StepType.NOTIFY:
            return Notify(subject=step.subject, message=step.message, to=step.to)
        case StepType.SCRIPT:
            return _script(step)
        case StepType.GROUP:
            return Group()
        case StepType.NOOP:
            return Noop()
        case StepType.IMPOSSIBLE:
            return Impossible(reason=step.message)
        case StepType.CONFIRMATION | StepType.MANUAL_TASK | StepType.WAIT | StepType.SCHEDULE:
            return _waiting(definition, step)
        case _:
            assert_never(step.type)


def _waiting(definition: PipelineDefinition, step: PipelineStep) -> Work:
    """Compile a step that waits for a person or a time."""
    if step.type is StepType.WAIT:
        return Wait(duration=_seconds(step.seconds), until=step.until)
    if step.type is StepType.SCHEDULE:
        return Schedule(cron=step.cron, timezone=step.timezone or definition.timezone)
    if step.type is StepType.MANUAL_TASK:
        return ManualTask(team=step.team or None, user=step.user or None, instructions=step.message)
    return Approval(team=step.team or None, user=step.user or None)


def _script(step: PipelineStep) -> Job:
    ask: Mapping[str, object] = {"script": step.script, "environment": dict(step.variables), "secrets": {}}
    network = {"network": False} if step.no_network else {}
    api = {API_TOKEN: True} if step.api_token or step.reports_tests else {}
    tests = {REPORTS_TESTS: True} if step.reports_tests else {}
    machines = {name: title for name, title in ((SERVER, step.server), (ROLE, step.role)) if title}
    stop = {STOP_ON_ERROR: True} if step.stop_on_error else {}
    deploys = {DEPLOYS: [encode(ScriptDeployment, one) for one in step.deploys]} if step.deploys is not None else {}
    whole = {**ask, **network, **api, **tests, **stop, **deploys, **machines}
    return Job(kind=JobKind.SCRIPT, pool=step.pool, environment=step.environment, ask=whole)


def gate_node(gate: PipelineGate, key: str, stages: Mapping[str, str], timezone: str) -> Node:
    """The node of a gate. stages: keys of the plan by the names of phases."""
    policy = Policy(precondition=gate.precondition or None, quorum=gate.quorum)
    name = gate.name or f"{gate.type} {key.removeprefix('g')}"
    return Node(
        key=key,
        name=name,
        work=_gate(gate, stages, timezone),
        description=gate.description,
        decided_by=gate.decided_by,
        policy=policy,
    )


def _gate(gate: PipelineGate, stages: Mapping[str, str], timezone: str) -> GateWork:
    match gate.type:
        case GateType.APPROVAL:
            return Approval(
                team=gate.team or None,
                user=gate.user or None,
                no_self_approval=gate.no_self_approval,
                expires_after=gate.expires_after,
            )
        case GateType.SCHEDULE:
            return Schedule(cron=gate.cron, timezone=gate.timezone or timezone)
        case GateType.EXTERNAL_APPROVAL:
            return ExternalApproval(system=gate.system, ticket=gate.ticket, others=gate.tickets)
        case GateType.TEST:
            return TestResults(stage=stages.get(gate.phase, ""), qualifier=gate.qualifier, value=gate.value)
        case GateType.WINDOW:
            return Windows(any_of=tuple(replace(one, timezone=one.timezone or timezone) for one in gate.windows))
        case _:
            assert_never(gate.type)


def _run(definition: PipelineDefinition, phase: PipelinePhase, step: PipelineStep) -> RunDefinition:
    is_build = step.type is StepType.BUILD
    return RunDefinition(
        kind=DefinitionKind.BUILD if is_build else DefinitionKind.PIPELINE,
        project=step.project or definition.project,
        environment=environment_of(phase, step) if is_build else "",
        name=step.build if is_build else step.pipeline,
        wait=is_build or step.wait_for_pipeline,
    )


def _action(definition: PipelineDefinition, phase: PipelinePhase, step: PipelineStep) -> RunDefinition:
    environment, is_deploy = environment_of(phase, step), step.type is StepType.DEPLOY
    return RunDefinition(
        kind=DefinitionKind.DEPLOYMENT_JOB,
        project=step.project or definition.project,
        environment=environment,
        name=step.deployment,
        action=ACTIONS[step.type],
        version=step.update_version if is_deploy else VersionRule.DONT_UPDATE,
        of_environment=(step.update_version_environment if is_deploy else "") or environment,
        of_deployment=step.update_version_deployment if is_deploy else "",
        tag=step.tag_tagged_version if is_deploy else "",
        errand=step.errand_name if step.type is StepType.RUN_ERRAND else "",
        inputs=step.errand_inputs,
        secrets=step.errand_secrets,
    )


def environment_of(phase: PipelinePhase, step: PipelineStep) -> str:
    """Return the step's environment; by default its phase's."""
    return step.environment or phase.environment


def _tag_node(node: Node, step: PipelineStep) -> Node:
    # An ignored failure lets those that need the step go on, but it is no success to be tagged.
    guard = f"{node.name!r} in succeeded" if step.ignore_failure and "\\" not in repr(node.name) else None
    policy = Policy(ignore_failure=step.ignore_failure, precondition=guard, run_on_failure=step.run_on_failure)
    return Node(
        key=tag_key(node.key),
        name=f"tag {step.tag}",
        work=_tag(step),
        needs=(node.key,),
        group=node.group,
        policy=policy,
    )


def _tag(step: PipelineStep) -> TagRelease:
    return TagRelease(
        namespace=step.namespace,
        application=step.application,
        tag=step.tag,
        version=step.tag_version,
        tagged=step.tag_tagged_version,
    )


def _policy(step: PipelineStep) -> Policy:
    return Policy(
        ignore_failure=step.ignore_failure,
        run_on_failure=step.run_on_failure,
        precondition=step.precondition or None,
        timeout=step.timeout,
        attempts=step.attempts,
        backoff=step.backoff,
    )


def _seconds(count: int | None) -> timedelta | None:
    # What no timedelta holds is beyond every limit, which plan_check then says.
    return None if count is None else timedelta(seconds=max(-1, min(count, 10**10)))

"""Lookup handles of definitions: by the token of a webhook, by a run whose success triggers them, by name in a step."""

from collections.abc import Iterator

from chalicelib.kernel.definitions.compile_step import environment_of
from chalicelib.kernel.definitions.definition import (
    BuildDefinition,
    Definition,
    DeploymentJob,
    build_ref,
    job_ref,
    pipeline_ref,
)
from chalicelib.kernel.definitions.pipeline import (
    PipelineDefinition,
    PipelinePhase,
    PipelineStep,
    StepType,
    WebhookSecret,
    placed_steps,
)
from chalicelib.kernel.plans.plan import DefinitionRef

MAX_HANDLES = 48
"""Of one definition: in one transaction with it and its audit entry all may go and as many others come."""


def webhook_handle(token: str) -> str:
    """Return the handle of a definition that a webhook with this token triggers."""
    return f"webhook/{token}"


def secret_of_code(definition: Definition, code: str) -> WebhookSecret | None:
    """Return the signing secret of the webhook with this code, if it has one."""
    match definition:
        case BuildDefinition():
            return definition.webhook_secret
        case DeploymentJob():
            return None
        case PipelineDefinition():
            return next((one.secret for one in definition.triggers if one.token == code), None)


def ending_handle(ref: DefinitionRef) -> str:
    """Return the handle of pipelines that a successful run of this definition triggers."""
    return f"ending/{ref.kind}/{ref.project}/{ref.environment}/{ref.name}"


def handles(definition: Definition) -> frozenset[str]:
    """Return all lookup handles of a definition."""
    match definition:
        case BuildDefinition():
            return frozenset({webhook_handle(definition.webhook_token)})
        case DeploymentJob():
            return frozenset()
        case PipelineDefinition():
            tokens = (webhook_handle(trigger.token) for trigger in definition.triggers)
            return frozenset({*tokens, *(ending_handle(ref) for _, ref in awaited(definition))})


def awaited(pipeline: PipelineDefinition) -> Iterator[tuple[str, DefinitionRef]]:
    """Yield the path and definition of each step whose build or job triggers the pipeline by succeeding elsewhere."""
    for number, phase in enumerate(pipeline.phases):
        for placed in placed_steps(phase):
            ref = named_by(pipeline, phase, placed.step) if awaits_ending(placed.step) else None
            if ref is not None:
                yield f"phases[{number}].{placed.path}", ref


def awaits_ending(step: PipelineStep) -> bool:
    """Return True if the step's build or job triggers the pipeline by succeeding elsewhere."""
    is_build = step.type is StepType.BUILD and step.trigger_pipeline_on_build
    return is_build or (step.type is StepType.DEPLOY and step.trigger_pipeline_on_deploy)


def named_by(pipeline: PipelineDefinition, phase: PipelinePhase, step: PipelineStep) -> DefinitionRef | None:
    """Return the definition that a step runs, if the step names all parts of its reference."""
    project, environment = step.project or pipeline.project, environment_of(phase, step)
    match step.type:
        case StepType.BUILD if step.build and environment:
            return build_ref(project, environment, step.build)
        case StepType.PIPELINE_TRIGGER if step.pipeline:
            return pipeline_ref(project, step.pipeline)
        case StepType.DEPLOY | StepType.RUN_SMOKE | StepType.RUN_DESTROY | StepType.RUN_ERRAND if (
            step.deployment and environment
        ):
            return job_ref(project, environment, step.deployment)
        case _:
            return None

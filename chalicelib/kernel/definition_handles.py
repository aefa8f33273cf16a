"""By what a definition is found from outside: its webhooks' tokens, and the endings of others that start it."""

from collections.abc import Iterator

from chalicelib.kernel.compile_pipeline_step import environment_of
from chalicelib.kernel.definition import BuildDefinition, Definition, DeploymentJob, build_ref, job_ref
from chalicelib.kernel.definition_pipeline import (
    PipelineDefinition,
    PipelinePhase,
    PipelineStep,
    StepType,
    placed_steps,
)
from chalicelib.kernel.plan import DefinitionRef

MAX_HANDLES = 48
"""Of one definition: in one transaction with it and its audit entry all may go and as many others come."""


def webhook_handle(token: str) -> str:
    """The handle of whoever knows the token."""
    return f"webhook/{token}"


def ending_handle(ref: DefinitionRef) -> str:
    """The handle of those that start when a run of the definition ends well."""
    return f"ending/{ref.kind}/{ref.project}/{ref.environment}/{ref.name}"


def handles(definition: Definition) -> frozenset[str]:
    """Everything by which the definition is found."""
    match definition:
        case BuildDefinition():
            return frozenset({webhook_handle(definition.webhook_token)})
        case DeploymentJob():
            return frozenset()
        case PipelineDefinition():
            tokens = (webhook_handle(trigger.token) for trigger in definition.triggers)
            return frozenset({*tokens, *(ending_handle(ref) for _, ref in awaited(definition))})


def awaited(pipeline: PipelineDefinition) -> Iterator[tuple[str, DefinitionRef]]:
    """The places of steps that begin the pipeline when what they name ends well elsewhere, and what they name."""
    for number, phase in enumerate(pipeline.phases):
        for placed in placed_steps(phase):
            ref = _awaited_by(pipeline, phase, placed.step)
            if ref is not None:
                yield f"phases[{number}].{placed.path}", ref


def _awaited_by(pipeline: PipelineDefinition, phase: PipelinePhase, step: PipelineStep) -> DefinitionRef | None:
    project, environment = step.project or pipeline.project, environment_of(phase, step)
    if step.type is StepType.BUILD and step.trigger_pipeline_on_build:
        return build_ref(project, environment, step.build)
    if step.type is StepType.DEPLOY and step.trigger_pipeline_on_deploy:
        return job_ref(project, environment, step.deployment)
    return None

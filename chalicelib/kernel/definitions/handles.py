"""By what a definition is found from outside: its webhooks' tokens, the endings that start it, its name in a step."""

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
    """The handle of whoever knows the token."""
    return f"webhook/{token}"


def secret_of_code(definition: Definition, code: str) -> WebhookSecret | None:
    """The secret that was made for the webhook of this code."""
    match definition:
        case BuildDefinition():
            return definition.webhook_secret
        case DeploymentJob():
            return None
        case PipelineDefinition():
            return next((one.secret for one in definition.triggers if one.token == code), None)


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
            ref = named_by(pipeline, phase, placed.step) if awaits_ending(placed.step) else None
            if ref is not None:
                yield f"phases[{number}].{placed.path}", ref


def awaits_ending(step: PipelineStep) -> bool:
    """Whether the pipeline begins when what the step names ends well elsewhere."""
    is_build = step.type is StepType.BUILD and step.trigger_pipeline_on_build
    return is_build or (step.type is StepType.DEPLOY and step.trigger_pipeline_on_deploy)


def named_by(pipeline: PipelineDefinition, phase: PipelinePhase, step: PipelineStep) -> DefinitionRef | None:
    """The definition that a step runs, where it names one in full."""
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

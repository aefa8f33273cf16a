"""Definitions as somebody sees them: without values for sensitive inputs of the releases, unless they may write."""

from collections.abc import Mapping
from dataclasses import replace

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.definitions.definition import Definition, DeploymentJob
from chalicelib.kernel.definitions.handles import named_by
from chalicelib.kernel.definitions.pipeline import PipelineDefinition, PipelinePhase, PipelineStep
from chalicelib.kernel.projects.sensitive import masked
from chalicelib.use_cases.launch.resolve_release import released_by
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.projects.sensitive import SensitiveNames, sees_sensitive


def redacted_definition(ports: Ports, by: Principal, definition: Definition) -> Definition:
    """The definition, of its kind, as somebody sees it. Of a release that is not known, no input is shown."""
    match definition:
        case DeploymentJob() as job if job.inputs and not sees_sensitive(ports, by, job.project, job.environment):
            return replace(job, inputs=_hidden(ports, job, job.inputs))
        case PipelineDefinition() as pipeline if not sees_sensitive(ports, by, pipeline.project, ""):
            return redacted_pipeline(ports, pipeline)
        case _:
            return definition


def redacted_pipeline(ports: Ports, pipeline: PipelineDefinition) -> PipelineDefinition:
    """The pipeline as those see it who only read."""
    phases = tuple(
        replace(phase, steps=tuple(_step(ports, pipeline, phase, step) for step in phase.steps))
        for phase in pipeline.phases
    )
    return replace(pipeline, phases=phases)


def _step(ports: Ports, pipeline: PipelineDefinition, phase: PipelinePhase, step: PipelineStep) -> PipelineStep:
    inner = tuple(_step(ports, pipeline, phase, one) for one in step.steps)
    if not step.errand_inputs:
        return replace(step, steps=inner)
    ref = named_by(pipeline, phase, step)
    job = ports.definitions.find_definition(ref) if ref is not None else None
    named = job if isinstance(job, DeploymentJob) else None
    return replace(step, steps=inner, errand_inputs=_hidden(ports, named, step.errand_inputs))


def _hidden(ports: Ports, job: DeploymentJob | None, inputs: Mapping[str, object]) -> dict[str, object]:
    """The inputs without the sensitive ones of what the job deploys."""
    names = None
    if job is not None:
        namespace, application = released_by(job)
        version = ports.releases.resolve(namespace, application, job.query) or ""
        names = SensitiveNames(ports=ports).of(f"{namespace}/{application}", version)
    return masked(inputs, inputs.keys() if names is None else names)

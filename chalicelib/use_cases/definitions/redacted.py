"""Definitions with the values of sensitive release inputs redacted for callers who may not write."""

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
    """Return the definition, of its own type, redacted for the caller. All inputs of an unknown release are hidden."""
    match definition:
        case DeploymentJob() as job if job.inputs and not sees_sensitive(ports, by, job.project, job.environment):
            return replace(job, inputs=_without_sensitive(ports, job, job.inputs))
        case PipelineDefinition() as pipeline if not sees_sensitive(ports, by, pipeline.project, ""):
            return redacted_pipeline(ports, pipeline)
        case _:
            return definition


def redacted_pipeline(ports: Ports, pipeline: PipelineDefinition) -> PipelineDefinition:
    """Return the pipeline as redacted for a reader."""
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
    return replace(step, steps=inner, errand_inputs=_without_sensitive(ports, named, step.errand_inputs))


def _without_sensitive(ports: Ports, job: DeploymentJob | None, inputs: Mapping[str, object]) -> dict[str, object]:
    """Hide those inputs that the release that the job deploys declares as sensitive."""
    names = None
    if job is not None:
        namespace, application = released_by(job)
        version = ports.releases.resolve(namespace, application, job.query) or ""
        names = SensitiveNames(ports=ports).of(f"{namespace}/{application}", version)
    return masked(inputs, inputs.keys() if names is None else names)

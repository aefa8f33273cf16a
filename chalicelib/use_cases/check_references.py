"""Whether what a pipeline names is there, and whether it would start itself for ever."""

from collections.abc import Iterator, Mapping

from chalicelib.kernel.compile_pipeline_step import NAMING, environment_of
from chalicelib.kernel.definition import build_ref, job_ref, pipeline_ref, ref_of, title
from chalicelib.kernel.definition_pipeline import (
    PipelineDefinition,
    PipelinePhase,
    PipelineStep,
    StepType,
    placed_steps,
)
from chalicelib.kernel.faults import Defect, NotFound
from chalicelib.kernel.plan import DefinitionRef
from chalicelib.use_cases.find_definition import pipeline_named
from chalicelib.use_cases.ports import Ports


def reference_defects(ports: Ports, pipeline: PipelineDefinition) -> tuple[Defect, ...]:
    """Everything that the pipeline names and that is not there, and the way by which it would start itself."""
    return (*_environments(ports, pipeline), *_definitions(ports, pipeline), *_circle(ports, pipeline))


def _environments(ports: Ports, pipeline: PipelineDefinition) -> Iterator[Defect]:
    known = set(ports.projects.project(pipeline.project).environments)
    for number, phase in enumerate(pipeline.phases):
        if phase.environment and phase.environment not in known:
            said = f"no environment {phase.environment} in project {pipeline.project}"
            yield Defect(f"phases[{number}].environment", said)


def _definitions(ports: Ports, pipeline: PipelineDefinition) -> Iterator[Defect]:
    there: dict[DefinitionRef, bool] = {ref_of(pipeline): True}
    for number, phase in enumerate(pipeline.phases):
        for placed in placed_steps(phase):
            ref = _named(pipeline, phase, placed.step)
            if ref is None:
                continue
            if ref not in there:
                there[ref] = _is_there(ports, ref)
            if not there[ref]:
                yield Defect(f"phases[{number}].{placed.path}.{NAMING[placed.step.type]}", f"no {title(ref)}")


def _named(pipeline: PipelineDefinition, phase: PipelinePhase, step: PipelineStep) -> DefinitionRef | None:
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


def _is_there(ports: Ports, ref: DefinitionRef) -> bool:
    try:
        ports.definitions.definition(ref)
    except NotFound:
        return False
    return True


def _circle(ports: Ports, pipeline: PipelineDefinition) -> Iterator[Defect]:
    own = ref_of(pipeline)
    seen: dict[DefinitionRef, PipelineDefinition] = {own: pipeline}
    for place, ref in _started_by(pipeline):
        way = _way_back(ports, ref, own, seen)
        if way:
            yield Defect(place, "the pipeline starts itself for ever: " + " -> ".join((own.name, *way)))


def _started_by(pipeline: PipelineDefinition) -> Iterator[tuple[str, DefinitionRef]]:
    for number, phase in enumerate(pipeline.phases):
        for placed in placed_steps(phase):
            if placed.step.type is StepType.PIPELINE_TRIGGER:
                ref = pipeline_ref(placed.step.project or pipeline.project, placed.step.pipeline)
                yield f"phases[{number}].{placed.path}.pipeline", ref


def _way_back(
    ports: Ports, start: DefinitionRef, own: DefinitionRef, seen: dict[DefinitionRef, PipelineDefinition]
) -> tuple[str, ...]:
    """The names of the pipelines from one to our own; nothing when there is no way. seen: grows by those read."""
    came_from: dict[DefinitionRef, DefinitionRef | None] = {start: None}
    waiting = [start]
    while waiting:
        ref = waiting.pop()
        if ref == own:
            return _names(came_from, ref)
        for _, following in _started_by(_read(ports, ref, seen)):
            if following not in came_from:
                came_from[following] = ref
                waiting.append(following)
    return ()


def _read(ports: Ports, ref: DefinitionRef, seen: dict[DefinitionRef, PipelineDefinition]) -> PipelineDefinition:
    """The pipeline, or one of nothing where there is none."""
    if ref not in seen:
        try:
            seen[ref] = pipeline_named(ports, ref.project, ref.name)
        except NotFound:
            nothing = next(iter(seen.values()))
            seen[ref] = PipelineDefinition(id="", project=ref.project, name=ref.name, created_at=nothing.created_at)
    return seen[ref]


def _names(came_from: Mapping[DefinitionRef, DefinitionRef | None], last: DefinitionRef) -> tuple[str, ...]:
    names: list[str] = []
    at: DefinitionRef | None = last
    while at is not None:
        names.append(at.name)
        at = came_from[at]
    return tuple(reversed(names))

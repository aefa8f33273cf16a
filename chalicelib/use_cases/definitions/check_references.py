"""Refuse pipelines that refer to what does not exist, or to what their author may not use."""

from collections.abc import Iterator

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.definitions.compile_step import NAMING
from chalicelib.kernel.definitions.definition import ref_of, title
from chalicelib.kernel.definitions.handles import named_by
from chalicelib.kernel.definitions.pipeline import PipelineDefinition, placed_steps
from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.use_cases.definitions.check_cycles import cycle_defects
from chalicelib.use_cases.launch.foreign_references import foreign_defects
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.defect import Defect


def reference_defects(ports: Ports, pipeline: PipelineDefinition, by: Principal) -> tuple[Defect, ...]:
    """Return a defect for each missing environment or definition, and for each cycle.

    Nothing is read that the author may not use: neither its existence nor what it starts is revealed.
    """
    if foreign := foreign_defects(ports, pipeline, by):
        hidden = frozenset(one.path for one in foreign)
        return (*_environments(ports, pipeline), *foreign, *_definitions(ports, pipeline, hidden))
    return (*_environments(ports, pipeline), *_definitions(ports, pipeline), *cycle_defects(ports, pipeline, by))


def _environments(ports: Ports, pipeline: PipelineDefinition) -> Iterator[Defect]:
    known = set(ports.projects.project(pipeline.project).environments)
    for number, phase in enumerate(pipeline.phases):
        if phase.environment and phase.environment not in known:
            message = f"no environment {phase.environment} in project {pipeline.project}"
            yield Defect(f"phases[{number}].environment", message)


def _definitions(ports: Ports, pipeline: PipelineDefinition, hidden: frozenset[str] = frozenset()) -> Iterator[Defect]:
    exists: dict[DefinitionRef, bool] = {ref_of(pipeline): True}
    for number, phase in enumerate(pipeline.phases):
        for placed in placed_steps(phase):
            ref = named_by(pipeline, phase, placed.step)
            if ref is None or f"phases[{number}].{placed.path}.project" in hidden:
                continue
            if ref not in exists:
                exists[ref] = ports.definitions.find_definition(ref) is not None
            if not exists[ref]:
                yield Defect(f"phases[{number}].{placed.path}.{NAMING[placed.step.type]}", f"no {title(ref)}")

"""Refuse pipelines that would start themselves in a cycle, also by way of others.

One pipeline leads to another by a step that triggers it, or by a build or deployment whose success the other awaits.
What a pipeline does depends on how it began: the steps whose success started it are done already and lead nowhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import NamedTuple

from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.compile_step import NAMING
from chalicelib.kernel.definitions.definition import ref_of
from chalicelib.kernel.definitions.handles import awaited, ending_handle, named_by
from chalicelib.kernel.definitions.pipeline import PipelineDefinition, StepType, placed_steps
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.use_cases.launch.find import pipeline_named
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

ENDING = frozenset({StepType.BUILD, StepType.DEPLOY})
"""Steps whose success other pipelines may await."""

Beginning = DefinitionRef | None
"""The definition whose success started a pipeline; None if it was triggered."""


class _Begun(NamedTuple):
    """A pipeline, and how it began."""

    pipeline: DefinitionRef
    by: Beginning


class _Edge(NamedTuple):
    """A step of our pipeline that starts it once more. names: the pipelines on the way, ours last."""

    place: str
    by: Beginning
    names: tuple[str, ...]


def cycle_defects(ports: Ports, pipeline: PipelineDefinition, asker: Principal) -> Iterator[Defect]:
    """Yield a defect for each step by which the updated pipeline would start itself in a cycle, with the path.

    asker: pipelines that they may not read are not named.
    """
    ways = _Ways(ports=ports, own=pipeline, asker=asker, awaits=frozenset(ref for _, ref in awaited(pipeline)))
    edges = _edges(ways)
    reported: set[str] = set()
    for by, found in edges.items():
        for edge in found:
            if edge.place not in reported and by in _reachable(edges, edge.by):
                reported.add(edge.place)
                way = " -> ".join((pipeline.name, *edge.names))
                yield Defect(edge.place, f"the pipeline starts itself for ever: {way}")


def _edges(ways: "_Ways") -> Mapping[Beginning, tuple[_Edge, ...]]:
    """Map each way in which our pipeline can begin to the steps by which it begins again."""
    own, found = ref_of(ways.own), dict[Beginning, tuple[_Edge, ...]]()
    waiting: list[Beginning] = [None]
    while waiting:
        by = waiting.pop()
        if by not in found:
            steps = ways.steps(ways.own, by)
            found[by] = tuple(
                _Edge(place, again, names) for place, begun in steps for again, names in ways.back(begun, own).items()
            )
            waiting.extend(edge.by for edge in found[by])
    return found


def _reachable(edges: Mapping[Beginning, tuple[_Edge, ...]], start: Beginning) -> set[Beginning]:
    reached, waiting = {start}, [start]
    while waiting:
        more = {edge.by for edge in edges[waiting.pop()]} - reached
        reached |= more
        waiting.extend(more)
    return reached


@frozen
class _Ways:
    """Which pipeline leads to which. own: as it would be saved. read, known, led: caches."""

    ports: Ports
    own: PipelineDefinition
    asker: Principal
    awaits: frozenset[DefinitionRef]
    read: dict[DefinitionRef, PipelineDefinition | None] = field(default_factory=dict)
    known: dict[DefinitionRef, tuple[DefinitionRef, ...]] = field(default_factory=dict)
    led: dict[_Begun, Mapping[Beginning, tuple[str, ...]]] = field(default_factory=dict)

    def steps(self, pipeline: PipelineDefinition, by: Beginning) -> Iterator[tuple[str, _Begun]]:
        """Yield each pipeline that this one starts if it was itself started by `by`, with the path of the step."""
        done = {place for place, ref in awaited(pipeline) if ref == by}
        for number, phase in enumerate(pipeline.phases):
            for placed in placed_steps(phase):
                ref, place = named_by(pipeline, phase, placed.step), f"phases[{number}].{placed.path}"
                if ref is None or place in done:
                    continue
                named = f"{place}.{NAMING[placed.step.type]}"
                if placed.step.type is StepType.PIPELINE_TRIGGER:
                    yield named, _Begun(ref, None)
                elif placed.step.type in ENDING:
                    # A pipeline is not started by its own steps.
                    yield from ((named, _Begun(one, ref)) for one in self._awaiting(ref) if one != ref_of(pipeline))

    def back(self, start: _Begun, own: DefinitionRef) -> Mapping[Beginning, tuple[str, ...]]:
        """Return the ways in which our pipeline begins again from here, each with the pipelines on the path."""
        if start not in self.led:
            self.led[start] = dict(self._found(start, own))
        return self.led[start]

    def _found(self, start: _Begun, own: DefinitionRef) -> Iterator[tuple[Beginning, tuple[str, ...]]]:
        came_from: dict[_Begun, _Begun | None] = {start: None}
        waiting = [start]
        while waiting:
            begun = waiting.pop()
            if begun.pipeline == own:
                yield begun.by, self._names(came_from, begun)
                continue
            pipeline = self._pipeline(begun.pipeline)
            for _, following in self.steps(pipeline, begun.by) if pipeline is not None else ():
                if following not in came_from:
                    came_from[following] = begun
                    waiting.append(following)

    def _awaiting(self, ref: DefinitionRef) -> tuple[DefinitionRef, ...]:
        """Return the pipelines that start when this definition succeeds."""
        own = ref_of(self.own)
        if ref not in self.known:
            stored = (one for one in self.ports.definitions.found_by(ending_handle(ref)) if one != own)
            self.known[ref] = (*stored, *((own,) if ref in self.awaits else ()))
        return self.known[ref]

    def _pipeline(self, ref: DefinitionRef) -> PipelineDefinition | None:
        if ref not in self.read:
            try:
                self.read[ref] = pipeline_named(self.ports, ref.project, ref.name)
            except NotFound:
                self.read[ref] = None
        return self.read[ref]

    def _names(self, came_from: Mapping[_Begun, _Begun | None], last: _Begun) -> tuple[str, ...]:
        names: list[str] = []
        at: _Begun | None = last
        while at is not None:
            is_read = may(self.asker, Level.READ, at.pipeline.project)
            names.append(at.pipeline.name if is_read else "a pipeline of another project")
            at = came_from[at]
        return tuple(reversed(names))

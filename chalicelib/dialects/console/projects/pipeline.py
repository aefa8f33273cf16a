"""What the page of a pipeline shows: its phases as they are defined, and how far its latest runs came in each."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from chalicelib.dialects.console.frame.crumbs import Crumb, tile_of
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.live import Live, Pace, Pulse, Unchanged, kept_live, mark_of
from chalicelib.dialects.console.frame.stage_cell import StageCell, stage_cell
from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.pipeline import PipelineDefinition, PipelinePhase, placed_steps
from chalicelib.kernel.engine.phase import FINAL, WAITING, Phase
from chalicelib.kernel.engine.run import StageExecution
from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.definitions.executions import ExecutionsOf, list_executions
from chalicelib.use_cases.definitions.lists import get_listed_pipeline
from chalicelib.use_cases.definitions.pipelines import PipelineNamed
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.read import RunView
from slipway_formats.frozen import frozen

MOST_RUNS = 10


@frozen
class PipelineQuery:
    """Query: the page of a pipeline. page_from: of its runs, those older than this one. known: what the reader sees."""

    frame: Frame
    origin: Origin
    project: str
    name: str
    page_from: str = ""
    known: str = ""

    @property
    def now(self) -> datetime:
        """Return when."""
        return self.origin.at

    @property
    def by(self) -> Principal:
        """Return who asks."""
        return self.origin.by


@frozen
class PhaseHead:
    """A phase as it is defined. gates, steps: each with its type. waiting: runs that are at its gates.

    newest: the latest run that went well through it, if one of those shown did.
    """

    name: str
    environment: str
    gates: Sequence[tuple[str, str]]
    steps: Sequence[tuple[str, str]]
    waiting: int
    newest: str


@frozen
class RunLine:
    """A run by the phases of the pipeline; None where it has no such stage, as one of an older definition."""

    view: RunView
    cells: Sequence[StageCell | None]


@frozen
class PipelinePage:
    """What the page shows. more: from where older runs begin; empty without any."""

    asked: PipelineQuery
    live: Live
    crumbs: Sequence[Crumb]
    pipeline: PipelineDefinition
    phases: Sequence[PhaseHead]
    runs: Sequence[RunLine]
    more: str
    may_trigger: bool


def pipeline_page(ports: Ports, asked: PipelineQuery) -> PipelinePage | Unchanged:
    """Return what the page of a pipeline shows. Faults: NotFound."""

    def look() -> tuple[Pulse, Callable[[Live], PipelinePage]]:
        named = PipelineNamed(origin=asked.origin, project=asked.project, name=asked.name)
        pipeline = get_listed_pipeline(ports, named).definition
        ref = DefinitionRef(kind=DefinitionKind.PIPELINE, project=asked.project, name=asked.name)
        page = Page(size=MOST_RUNS, after=asked.page_from or None)
        views = [one.seen for one in list_executions(ports, ExecutionsOf(by=asked.by, of=ref, page=page))]
        lines = [_line(view, _names(pipeline)) for view in views]
        return _pulse(pipeline, lines), lambda live: _page(asked, live, pipeline, lines)

    return kept_live(ports, asked, look, asked.project)


def _pulse(pipeline: PipelineDefinition, lines: Sequence[RunLine]) -> Pulse:
    going = [line.view for line in lines if line.view.phase not in FINAL]
    phases = {state.phase for view in going for one in view.run.stages for state in one.nodes.values()}
    shown = [(line.view.run.id, line.view.phase, line.view.run.releases, line.cells) for line in lines]
    return Pulse(
        mark=mark_of(pipeline.phases, pipeline.disabled, shown),
        pace=Pace.MOVING if phases - FINAL - WAITING else Pace.WAITING,
        runs=[view.run.id for view in going],
        is_told=Phase.QUEUED not in phases,
    )


def _page(asked: PipelineQuery, live: Live, pipeline: PipelineDefinition, lines: Sequence[RunLine]) -> PipelinePage:
    names = _names(pipeline)
    may_trigger = may(asked.by, Level.WRITE, asked.project) and not pipeline.disabled and not pipeline.is_of_raft
    return PipelinePage(
        asked=asked,
        live=live,
        crumbs=[
            Crumb(word=asked.project, path=f"/projects/{asked.project}", tile=tile_of(asked.project)),
            Crumb(word=asked.name),
        ],
        pipeline=pipeline,
        phases=[_head(phase, names[place], place, lines) for place, phase in enumerate(pipeline.phases)],
        runs=lines,
        more=lines[-1].view.run.id if len(lines) == MOST_RUNS else "",
        may_trigger=may_trigger,
    )


def _names(pipeline: PipelineDefinition) -> Sequence[str]:
    return [_name(phase, place) for place, phase in enumerate(pipeline.phases)]


def _name(phase: PipelinePhase, place: int) -> str:
    return phase.name or str(place + 1)


def _head(phase: PipelinePhase, name: str, place: int, lines: Sequence[RunLine]) -> PhaseHead:
    cells = [(line, line.cells[place]) for line in lines]
    well = (line.view for line, cell in cells if cell is not None and cell.phase is Phase.SUCCEEDED)
    newest = next(well, None)
    return PhaseHead(
        name=name,
        environment=phase.environment,
        gates=[(gate.name or gate.type.value, gate.type.value) for gate in phase.gates],
        steps=[(one.step.name or one.step.type.value, one.step.type.value) for one in placed_steps(phase)],
        waiting=sum(cell is not None and cell.phase in AT_GATES for _, cell in cells),
        newest=(", ".join(newest.run.releases) or f"#{newest.plan.number}") if newest is not None else "",
    )


AT_GATES = frozenset({Phase.GATES, Phase.PASSING})


def _line(view: RunView, names: Sequence[str]) -> RunLine:
    stages = {stage.key: stage for stage in view.plan.stages}
    latest: dict[str, StageExecution] = {stages[one.stage].name: one for one in view.executions}
    known = {stage.name for stage in view.plan.stages}
    return RunLine(view=view, cells=[_cell(view, latest, name) if name in known else None for name in names])


def _cell(view: RunView, latest: Mapping[str, StageExecution], name: str) -> StageCell:
    execution = latest.get(name)
    if execution is None:
        return StageCell(phase=Phase.NEW)
    return stage_cell(view.plan.by_key[execution.stage], execution)

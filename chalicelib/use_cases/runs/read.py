"""Reading runs for clients: a run with its plan and its moved stage executions."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from chalicelib.kernel.engine.job_times import JobTimes
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.explanation.hold import Explanation
from chalicelib.kernel.explanation.queued import is_queued, why_queued
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.runs.queued import read_queued
from slipway_formats.frozen import frozen


@frozen
class RunView:
    """A run and its plan; steps that wait for a runner are QUEUED. earlier: stages moved out of a long run.

    explanation, job_times: what holds it, and the times of its jobs by their ids, if that was asked for.
    """

    run: Run
    plan: Plan
    earlier: tuple[StageExecution, ...] = ()
    explanation: Explanation | None = None
    job_times: Mapping[str, JobTimes] = field(default_factory=dict)

    @property
    def executions(self) -> tuple[StageExecution, ...]:
        """Return all stage executions in order."""
        return tuple(sorted((*self.earlier, *self.run.stages), key=lambda one: one.number))

    @property
    def phase(self) -> Phase:
        """Return the run's phase; QUEUED if it is a single step and that one waits for a runner."""
        is_single = len(self.plan.stages) == 1 and len(self.plan.stages[0].nodes) == 1
        return Phase.QUEUED if is_single and is_queued(self.run) else self.run.phase

    @property
    def reason(self) -> str:
        """Return the run's reason; of one that is QUEUED as a whole, its step's."""
        return why_queued(self.run) if self.phase is Phase.QUEUED else self.run.reason


def get_run(ports: Ports, run_id: str) -> RunView:
    """Return the run as it is now. Faults: NotFound."""
    return run_view(ports, ports.runs.run(run_id))


def run_view(ports: Ports, run: Run) -> RunView:
    """Return a run that was just read, or saved."""
    return _whole(ports, run_views(ports, (run,), reasons=True)[0])


def whole_views(ports: Ports, runs: Sequence[Run]) -> Sequence[RunView]:
    """Return runs that were just read, with all stage executions. Why steps are QUEUED is not told."""
    return [_whole(ports, view) for view in run_views(ports, runs)]


def _whole(ports: Ports, view: RunView) -> RunView:
    run = view.run
    moved = run.executions > len(run.stages)
    return replace(view, earlier=tuple(ports.runs.earlier_executions(run.id)) if moved else ())


def run_views(ports: Ports, runs: Sequence[Run], *, reasons: bool = False) -> Sequence[RunView]:
    """Return the runs with their plans, and with their steps QUEUED that wait for a runner. reasons: and why."""
    shown = read_queued(ports, runs, reasons=reasons)
    return [RunView(run=run, plan=ports.runs.plan(run.plan)) for run in shown]


@frozen
class ListRuns:
    """Query: the runs of a project's definitions of a kind, newest first."""

    project: str
    kind: DefinitionKind
    page: Page


def list_runs(ports: Ports, query: ListRuns) -> Sequence[RunView]:
    """List a page of runs."""
    return run_views(ports, ports.runs.of_project(query.project, query.kind, query.page))


def project_of(ports: Ports, run_id: str) -> str | None:
    """Return the project of a run, or None if there is no such run."""
    try:
        run = ports.runs.run(run_id)
        return ports.runs.plan(run.plan).definition.project
    except NotFound:
        return None

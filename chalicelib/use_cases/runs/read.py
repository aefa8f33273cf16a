"""Reading runs for clients: a run with its plan and its moved stage executions."""

from collections.abc import Sequence

from chalicelib.kernel.engine.run import Run, StageExecution
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.plans.plan import Plan
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen


@frozen
class RunView:
    """A run with its plan. earlier: stage executions that were moved out of a long run."""

    run: Run
    plan: Plan
    earlier: tuple[StageExecution, ...] = ()

    @property
    def executions(self) -> tuple[StageExecution, ...]:
        """Return all stage executions in order."""
        return tuple(sorted((*self.earlier, *self.run.stages), key=lambda one: one.number))


def get_run(ports: Ports, run_id: str) -> RunView:
    """Return the run as it is now. Faults: NotFound."""
    run = ports.runs.run(run_id)
    moved = run.executions > len(run.stages)
    earlier = tuple(ports.runs.earlier_executions(run_id)) if moved else ()
    return RunView(run=run, plan=ports.runs.plan(run.plan), earlier=earlier)


@frozen
class ListRuns:
    """Query: the runs of a project's definitions of a kind, newest first."""

    project: str
    kind: DefinitionKind
    page: Page


def list_runs(ports: Ports, query: ListRuns) -> Sequence[RunView]:
    """List a page of runs."""
    runs = ports.runs.of_project(query.project, query.kind, query.page)
    return [RunView(run=run, plan=ports.runs.plan(run.plan)) for run in runs]


def project_of(ports: Ports, run_id: str) -> str | None:
    """Return the project of a run, or None if there is no such run."""
    try:
        run = ports.runs.run(run_id)
        return ports.runs.plan(run.plan).definition.project
    except NotFound:
        return None

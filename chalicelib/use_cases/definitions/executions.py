"""Executions, which are runs of builds, deployment jobs and pipelines: list, get, cancel, retry, confirm."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.codec import decode, encode
from chalicelib.kernel.definitions.compile_pipeline import DEFINITION
from chalicelib.kernel.definitions.confirmation import node_of_code
from chalicelib.kernel.definitions.definition import title
from chalicelib.kernel.definitions.pipeline import PipelineDefinition
from chalicelib.kernel.engine.job import Commit
from chalicelib.kernel.engine.phase import GOOD, Phase
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.faults import NotFound
from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.definitions.redacted import redacted_pipeline
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.projects.projects import visible_projects
from chalicelib.use_cases.projects.sensitive import SensitiveNames, sees_sensitive
from chalicelib.use_cases.runs.decide import DecideNode, DecideRun, decide_node, decide_run
from chalicelib.use_cases.runs.explain import explained
from chalicelib.use_cases.runs.read import ListRuns, RunView, get_run, list_runs, run_views
from chalicelib.use_cases.runs.redacted import redacted_run
from slipway_formats.frozen import frozen


@frozen
class ExecutionsOf:
    """Query: the runs of a definition, newest first. explains: with what holds each."""

    by: Principal
    of: DefinitionRef
    page: Page
    explains: bool = False


@frozen
class ExecutionsIn:
    """Query: the runs of a project's definitions of a kind; of every visible project if none is named.

    explains: with what holds each.
    """

    by: Principal
    kind: DefinitionKind
    page: Page
    project: str = ""
    explains: bool = False


@frozen
class ExecutionNamed:
    """One run of a definition. explains: with what holds it."""

    by: Principal
    of: DefinitionRef
    id: str
    explains: bool = False


@frozen
class Confirm:
    """Approve or reject the node that waits under a confirmation code."""

    by: Principal
    of: DefinitionRef
    id: str
    code: str
    approved: bool
    notes: str = ""


@frozen
class Execution:
    """A run as the caller may see it. commit: what a build was made from, once its job has reported it."""

    by: Principal
    seen: RunView
    commit: Commit | None = None


def list_executions(ports: Ports, query: ExecutionsOf) -> Sequence[Execution]:
    """List a page of a definition's runs."""
    runs, names = run_views(ports, ports.runs.of_definition(query.of, query.page)), SensitiveNames(ports=ports)
    return [_shown(ports, query, _execution(ports, query.by, seen, names)) for seen in runs]


def list_executions_in(ports: Ports, query: ExecutionsIn) -> Sequence[Execution]:
    """List a page of the runs of one project, or of all that the caller may read."""
    projects = [query.project] if query.project else [one.name for one in visible_projects(ports, query.by)]
    lists = (list_runs(ports, ListRuns(project=name, kind=query.kind, page=query.page)) for name in projects)
    names = SensitiveNames(ports=ports)
    newest = _newest(lists, query.page.size)
    return [_shown(ports, query, _execution(ports, query.by, seen, names)) for seen in newest]


def get_execution(ports: Ports, query: ExecutionNamed) -> Execution:
    """Return the run. Faults: NotFound, also for a run of another definition."""
    return _shown(ports, query, _execution(ports, query.by, _run_of(ports, query.of, query.id)))


def cancel_execution(ports: Ports, command: ExecutionNamed) -> RunView:
    """Request the run to stop. Faults: NotFound, Conflict if it has ended."""
    _run_of(ports, command.of, command.id)
    return decide_run(ports, DecideRun(run=command.id, kind=ActKind.CANCELLED, by=command.by))


def retry_execution(ports: Ports, command: ExecutionNamed) -> RunView:
    """Retry a failed run, keeping what succeeded; replay a job's run that succeeded.

    Faults: NotFound, Conflict if it has not ended, or cannot be reopened.
    """
    seen = _run_of(ports, command.of, command.id)
    is_job = command.of.kind is not DefinitionKind.PIPELINE
    again = ActKind.REPLAYED if is_job and seen.run.phase in GOOD else ActKind.RETRIED
    return decide_run(ports, DecideRun(run=command.id, kind=again, by=command.by))


def confirm(ports: Ports, command: Confirm) -> RunView:
    """Approve or reject the waiting node.

    Faults: NotFound, Forbidden, Invalid; Conflict if it was decided before.
    """
    seen = _run_of(ports, command.of, command.id)
    found = node_of_code(seen.plan, seen.run, command.code)
    if found is None:
        raise NotFound(f"no confirmation of that code in execution {command.id}")
    execution, node = found
    decision = DecideNode(
        run=command.id,
        kind=ActKind.APPROVED if command.approved else ActKind.REJECTED,
        by=command.by,
        node=node.key,
        execution=execution.number,
        notes=command.notes,
    )
    return decide_node(ports, decision)


def last_phase(ports: Ports, ref: DefinitionRef) -> Phase | None:
    """Return the phase of a definition's last run; None if there is none."""
    runs = run_views(ports, ports.runs.of_definition(ref, Page(size=1)))
    return runs[0].phase if runs else None


def _execution(ports: Ports, by: Principal, whole: RunView, names: SensitiveNames | None = None) -> Execution:
    seen = _redacted_pipeline_run(ports, by, redacted_run(ports, by, whole, names))
    if seen.plan.definition.kind is not DefinitionKind.BUILD:
        return Execution(by=by, seen=seen)
    commits = [job.commit for job in ports.jobs.of_run(seen.run.id) if job.commit is not None]
    return Execution(by=by, seen=seen, commit=commits[-1] if commits else None)


def _shown(ports: Ports, query: ExecutionNamed | ExecutionsOf | ExecutionsIn, execution: Execution) -> Execution:
    """Return the execution, explained if the query asks for that."""
    return replace(execution, seen=explained(ports, query.by, execution.seen)) if query.explains else execution


def _redacted_pipeline_run(ports: Ports, by: Principal, view: RunView) -> RunView:
    """Return a pipeline's run with its definition redacted for the caller; any other run unchanged."""
    held, definition = view.plan.snapshot.get(DEFINITION), view.plan.definition
    if definition.kind is not DefinitionKind.PIPELINE or sees_sensitive(ports, by, definition.project, ""):
        return view
    shown = encode(PipelineDefinition, redacted_pipeline(ports, decode(PipelineDefinition, held)))
    return replace(view, plan=replace(view.plan, snapshot={**view.plan.snapshot, DEFINITION: shown}))


def _run_of(ports: Ports, of: DefinitionRef, run_id: str) -> RunView:
    missing = f"no execution {run_id} of {title(of)}"
    try:
        seen = get_run(ports, run_id)
    except NotFound as error:
        raise NotFound(missing) from error
    if seen.plan.definition != of:
        raise NotFound(missing)
    return seen


def _newest(lists: Iterable[Sequence[RunView]], size: int) -> Sequence[RunView]:
    every = (seen for found in lists for seen in found)
    return sorted(every, key=lambda seen: seen.run.id, reverse=True)[:size]

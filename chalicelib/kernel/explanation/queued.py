"""Steps that wait for a runner. A run stores that a job was accepted; whether it is leased, the job alone knows.

So a lease costs no write of the run, and a job that is handed back waits again without the run being told.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace

from chalicelib.kernel.engine.effects import step_id
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import NodeState, Run, StageExecution

NOWHERE: Mapping[str, str] = {}
"""The projects of runs that are all of one."""


def running_jobs(run: Run) -> Iterator[str]:
    """Return the ids of the jobs that are running by the run's record."""
    return (reference for reference, is_job in _references(run) if is_job)


def running_children(run: Run) -> Iterator[str]:
    """Return the ids of the child runs that are running by the run's record."""
    return (reference for reference, is_job in _references(run) if not is_job)


def with_queued(run: Run, waiting: Mapping[str, str]) -> Run:
    """The run with each step QUEUED whose work waits for a runner. waiting: by id of job or child run, why it does."""
    if waiting.keys().isdisjoint(reference for reference, _ in _references(run)):
        return run
    return replace(run, stages=tuple(_with_queued(stage, waiting) for stage in run.stages))


def why_queued(run: Run) -> str:
    """Why the first queued step of the run waits; empty if that was not asked for, or none does."""
    return next((state.reason for state in _going(run) if state.phase is Phase.QUEUED), "")


def is_queued(run: Run) -> bool:
    """Return True if a step of the run waits for a runner, and no other is running."""
    return {state.phase for state in _going(run)} == {Phase.QUEUED}


def queued_in_family(
    runs: Mapping[str, Run], waiting: Mapping[str, str], projects: Mapping[str, str] = NOWHERE
) -> Mapping[str, Run]:
    """The runs, parents and children, as `with_queued` shows them. waiting: by id of each job not leased, why.

    A step that runs a child is queued when the child is. projects: those of the runs, by id. Why a run of one project
    waits is not said in one of another: whoever reads that need not be allowed to read this.
    """
    before: Set[str] = frozenset()
    queued, shown = waiting, runs
    while queued.keys() != before:
        before = queued.keys()
        shown = {run_id: with_queued(run, _within(run_id, queued, projects)) for run_id, run in runs.items()}
        queued = {**waiting, **{run_id: why_queued(run) for run_id, run in shown.items() if is_queued(run)}}
    return shown


def _within(run: str, queued: Mapping[str, str], projects: Mapping[str, str]) -> Mapping[str, str]:
    own = projects.get(run, "")
    return {of: why if projects.get(of, own) == own else "" for of, why in queued.items()}


def _references(run: Run) -> Iterator[tuple[str, bool]]:
    """What the running steps refer to, and whether it is a job."""
    for stage in _open(run):
        for key, state in stage.nodes.items():
            if state.phase is Phase.RUNNING and state.reference:
                yield state.reference, state.reference == step_id(run.id, stage.address_of(key))


def _going(run: Run) -> Iterator[NodeState]:
    """The states of what goes on or waits in the run; no groups."""
    states = (state for stage in _open(run) for state in stage.nodes.values())
    return (state for state in states if not state.is_final and not _is_group(state))


def _open(run: Run) -> Iterator[StageExecution]:
    return (stage for stage in run.stages if not stage.is_final)


def _with_queued(stage: StageExecution, waiting: Mapping[str, str]) -> StageExecution:
    if stage.is_final:
        return stage
    queued = {
        key: replace(state, phase=Phase.QUEUED, reason=waiting[state.reference] or state.reason)
        for key, state in stage.nodes.items()
        if state.phase is Phase.RUNNING and state.reference in waiting
    }
    return stage.with_nodes(queued) if queued else stage


def _is_group(state: NodeState) -> bool:
    """Whether it is the state of a group: what else runs has a job or a child run."""
    return state.phase is Phase.RUNNING and not state.reference

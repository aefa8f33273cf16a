"""Removal in portions: each request removes what it has time for, and repeating it resumes.

Runs are removed here, everything else in contents.py.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from chalicelib.kernel.definitions.compile_build import SECRET_INPUTS
from chalicelib.kernel.engine.run import ActKind, Run
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.plans.work import DefinitionKind, Job
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.record_secrets import delete_secrets, place_of_run
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.runs.decide import DecideRun, decide_run
from chalicelib.use_cases.trains.forget import forget_deployments
from slipway_formats.frozen import frozen

Kind = TypeVar("Kind")

LONGEST = timedelta(seconds=20)
"""Of one request: API Gateway waits 29 s."""

THINGS = (
    "environments",
    "deployments",
    "builds",
    "deployment_jobs",
    "pipelines",
    "executions",
    "repositories",
    "service_accounts",
    "namespaces",
)


@frozen
class Removed:
    """What a request removed, by kind. stopping: executions that were requested to stop and have not ended yet.

    is_complete: nothing is left; else repeat the request to resume.
    """

    counts: Mapping[str, int]
    stopping: int
    is_complete: bool


class Removal:
    """The progress of one removal request. stopping: runs it met that have not ended yet."""

    def __init__(self, ports: Ports, origin: Origin) -> None:
        self.ports = ports
        self.origin = origin
        self.stopping = 0
        self._until: datetime = ports.clock.now() + LONGEST
        self._counts: Counter[str] = Counter()

    @property
    def is_late(self) -> bool:
        """Return True if the rest is left to another request."""
        ports = self.ports
        return ports.clock.now() >= self._until

    def count(self, thing: str) -> None:
        """Count one more as removed."""
        self._counts[thing] += 1

    def remove_each(self, thing: str, found: Iterable[Kind], remove: Callable[[Kind], None]) -> bool:
        """Remove and count each, retrying under concurrent changes; return True if there was time for all."""
        for one in found:
            if self.is_late:
                return False
            with suppress(NotFound):  # somebody else was faster
                retry_on_conflict(self.ports, partial(remove, one))
                self.count(thing)
        return True

    def removed(self, *, is_complete: bool) -> Removed:
        """Return what this request did."""
        counts = {thing: self._counts[thing] for thing in THINGS}
        return Removed(counts=counts, stopping=self.stopping, is_complete=is_complete)


def remove_runs(removal: Removal, project: str, environment: str, kinds: Sequence[DefinitionKind]) -> bool:
    """Remove ended runs and request the others to stop; return True if none is left."""
    ports = removal.ports
    for kind in kinds:
        for run_id in ports.runs.every_of_project(project, kind, environment):
            if removal.is_late:
                return False
            _remove_run(removal, run_id)
    return not removal.stopping


def _remove_run(removal: Removal, run_id: str) -> None:
    ports = removal.ports
    try:
        run = _stop(removal, ports.runs.run(run_id))
    except NotFound:  # the index lags
        return
    if not run.is_final or run.pending_effects:
        removal.stopping += 1
        return
    for job in ports.jobs.of_run(run.id):
        ports.logs.forget(job.id)
    delete_secrets(ports, _given_to(ports, run))
    with suppress(NotFound):  # an earlier removal was interrupted after it had deleted the plan
        forget_deployments(ports, ports.runs.plan(run.plan))
    ports.archives.forget(run.id)
    ports.runs.forget(run)
    removal.count("executions")


def _given_to(ports: Ports, run: Run) -> Iterator[str]:
    """Yield the references of secrets that were given to this run alone, not by a definition or an environment."""
    try:
        plan = ports.runs.plan(run.plan)
    except NotFound:  # an earlier removal was interrupted after it had deleted the secrets and the plan
        return
    mark = f"{place_of_run(plan.definition.project, run.id)}/"
    for stage in plan.stages:
        for node in stage.steps:
            held = node.work.ask.get(SECRET_INPUTS) if isinstance(node.work, Job) else None
            for references in held.values() if isinstance(held, Mapping) else ():
                yield from (one for one in references.values() if mark in one)


def _stop(removal: Removal, run: Run) -> Run:
    """Request the run to stop, unless it has ended or was requested before; return it."""
    ports = removal.ports
    if run.is_final:
        return run
    try:
        cancel = DecideRun(
            run=run.id, kind=ActKind.CANCELLED, by=removal.origin.by, notes="where it belongs is removed"
        )
        return decide_run(ports, cancel).run
    except Conflict:
        return ports.runs.run(run.id)

"""Removing much at once: as much as one ask has time for, and what was removed. Asking again goes on with the rest.

Runs go here; what else there is: contents.py.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from chalicelib.kernel.engine.run import ActKind, Run
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.frozen import frozen
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.retry import retry_on_conflict
from chalicelib.use_cases.runs.decide import DecideRun, decide_run

Kind = TypeVar("Kind")

LONGEST = timedelta(seconds=20)
"""Of one ask: API Gateway waits for 29 s."""

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
    """How many of each kind of thing an ask removed. stopping: executions that were told to, and have not ended yet.

    is_complete: whether nothing is left; else asking again goes on.
    """

    counts: Mapping[str, int]
    stopping: int
    is_complete: bool


class Removal:
    """One ask's removing. stopping: how many runs it met that have not ended yet."""

    def __init__(self, ports: Ports, origin: Origin) -> None:
        self.ports = ports
        self.origin = origin
        self.stopping = 0
        self._until: datetime = ports.clock.now() + LONGEST
        self._counts: Counter[str] = Counter()

    @property
    def is_late(self) -> bool:
        """Whether the rest is for another ask."""
        ports = self.ports
        return ports.clock.now() >= self._until

    def count(self, thing: str) -> None:
        """One more of them is gone."""
        self._counts[thing] += 1

    def remove_each(self, thing: str, found: Iterable[Kind], remove: Callable[[Kind], None]) -> bool:
        """Whether there was time to remove all of them, each counted, amid rivals and others who remove them."""
        for one in found:
            if self.is_late:
                return False
            with suppress(NotFound):  # somebody else was faster
                retry_on_conflict(self.ports, partial(remove, one))
                self.count(thing)
        return True

    def removed(self, *, is_complete: bool) -> Removed:
        """What this ask did."""
        counts = {thing: self._counts[thing] for thing in THINGS}
        return Removed(counts=counts, stopping=self.stopping, is_complete=is_complete)


def remove_runs(removal: Removal, project: str, environment: str, kinds: Sequence[DefinitionKind]) -> bool:
    """Whether no run is left: those that have not ended are told to stop, and go once they have."""
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
        run = _stopped(removal, ports.runs.run(run_id))
    except NotFound:  # the index lags
        return
    if not run.is_final or run.pending_effects:
        removal.stopping += 1
        return
    for job in ports.jobs.of_run(run.id):
        ports.logs.forget(job.id)
    ports.runs.forget(run)
    removal.count("executions")


def _stopped(removal: Removal, run: Run) -> Run:
    """The run, told to stop unless it has ended or was told so before."""
    ports = removal.ports
    if run.is_final:
        return run
    try:
        ask = DecideRun(run=run.id, kind=ActKind.CANCELLED, by=removal.origin.by, notes="where it belongs is removed")
        return decide_run(ports, ask).run
    except Conflict:
        return ports.runs.run(run.id)

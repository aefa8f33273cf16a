"""Jobs that wait for a runner when their environment is frozen: they wait on, unless their stage may pass."""

from dataclasses import dataclass, replace
from functools import cached_property

from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.engine.progress.windows import freezes_of
from chalicelib.kernel.plans.freezes import Freeze, Freezes, end_of
from chalicelib.use_cases.ports.bundle import Ports

MOST_HELD = 100
"""How many more jobs are looked at while something is frozen: those behind may be leased."""


@dataclass(frozen=True)
class FrozenJobs:
    """What is frozen, for one lease request."""

    ports: Ports

    @cached_property
    def _known(self) -> Freezes:
        return self.ports.freezes.recent()

    @cached_property
    def _in_force(self) -> tuple[Freeze, ...]:
        now = self.ports.clock.now()
        return tuple(freeze for freeze in self._known.all if end_of(freeze, now) is not None)

    @property
    def more(self) -> int:
        """Return how many more jobs have to be looked at."""
        return MOST_HELD if self._in_force else 0

    def holds(self, job: Job) -> bool:
        """Return True if a freeze keeps the job from being leased. Of a run that is gone it does not."""
        if not any(freeze.covers(job.project, job.environment) for freeze in self._in_force):
            return False
        run = self.ports.runs.find_run(job.run)
        execution = run.execution(job.execution) if run is not None else None
        if run is None or execution is None:
            return False
        heard = replace(run, freezes=self._known)
        return bool(freezes_of(self.ports.runs.plan(run.plan), heard, execution, self.ports.clock.now()))

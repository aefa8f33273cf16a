"""Port for runners: which there are in each pool, and when they last spoke."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.explanation.runner import Runner

NOTED_EVERY = timedelta(seconds=15)
"""How often each process stores that a runner has spoken."""


class Runners(Protocol):
    """Runners that spoke within the last days; those that are silent disappear."""

    def note(self, runner: Runner) -> None:
        """Store that the runner has spoken; what it does not say this time stays.

        Does nothing if this process stored it less than NOTED_EVERY ago, with the same of itself: slots,
        version, executor and labels.
        """

    def drain(self, runner: Runner, entry: AuditEntry) -> None:
        """Keep new jobs from the runner of this pool and name, or no longer, as its `drained_by` says.

        Audit entries are handled as in projects.py. Faults: NotFound if no such runner is known.
        """

    def is_drained(self, pool: str, name: str) -> bool:
        """Return True if the runner is drained, as this process stored or read it within NOTED_EVERY."""

    def every(self) -> Sequence[Runner]:
        """Return all runners, by pool and name. May lag."""

    def of_pool(self, pool: str) -> Sequence[Runner]:
        """Return the runners of a pool, by name. May lag."""

"""Port for runners: which there are in each pool, and when they last spoke."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol

from chalicelib.kernel.explanation.runner import Runner

NOTED_EVERY = timedelta(seconds=15)
"""How often each process stores that a runner has spoken."""


class Runners(Protocol):
    """Runners that spoke within the last days; those that are silent disappear."""

    def note(self, runner: Runner) -> None:
        """Store that the runner has spoken; what it does not say this time stays.

        Does nothing if this process stored it less than NOTED_EVERY ago, with the same slots and version.
        """

    def every(self) -> Sequence[Runner]:
        """Return all runners, by pool and name. May lag."""

    def of_pool(self, pool: str) -> Sequence[Runner]:
        """Return the runners of a pool, by name. May lag."""

"""Port for what was deployed by week, as counted from the feed."""

from collections.abc import Sequence
from typing import Protocol

from chalicelib.kernel.insights.deployed_week import DeployedWeek


class Insights(Protocol):
    """What was deployed, by project, environment, application and week; and how far the feed was counted."""

    def week(self, like: DeployedWeek) -> DeployedWeek:
        """Return the week of the same project, environment, application and Monday as it is now, or a new one."""

    def save(self, week: DeployedWeek) -> None:
        """Save on its version. Faults: Stale, TooLarge."""

    def weeks(self, project: str, environment: str, since: str) -> Sequence[DeployedWeek]:
        """Return the weeks of an environment from a Monday on, in order."""

    def forget(self, project: str) -> None:
        """Delete all of a project; idempotent."""

    def counted(self) -> int:
        """Return the number of the last entry of the feed that was counted; 0 before the first."""

    def note_counted(self, number: int) -> None:
        """Keep up to where the feed was counted. What is counted twice counts once."""

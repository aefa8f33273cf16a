"""What was deployed by week, in memory: held to the contract by tests/store/insights."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chalicelib.kernel.faults import Stale
from chalicelib.kernel.insights.deployed_week import DeployedWeek
from chalicelib.use_cases.ports.insights import Insights

Place = tuple[str, str, str, str]


@dataclass
class FakeInsights(Insights):
    """What was deployed by week, in memory."""

    kept: dict[Place, DeployedWeek] = field(default_factory=dict)
    number: int = 0

    def week(self, like: DeployedWeek) -> DeployedWeek:
        return self.kept.get(_place(like), replace(like, points=(), version=0))

    def save(self, week: DeployedWeek) -> None:
        if self.week(week).version != week.version:
            raise Stale(f"week {week.week} of {week.application} has changed")
        self.kept[_place(week)] = replace(week, version=week.version + 1)

    def weeks(self, project: str, environment: str, since: str) -> Sequence[DeployedWeek]:
        found = sorted(self.kept.items())
        return [one for place, one in found if place[:2] == (project, environment) and place[2] >= since]

    def forget(self, project: str) -> None:
        self.kept = {place: one for place, one in self.kept.items() if place[0] != project}

    def counted(self) -> int:
        return self.number

    def note_counted(self, number: int) -> None:
        self.number = number


def _place(week: DeployedWeek) -> Place:
    return week.project, week.environment, week.week, week.application

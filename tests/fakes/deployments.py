"""Deployments and their history in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Stale
from chalicelib.kernel.feed.of_deployments import occurrences_of_deployment
from chalicelib.kernel.projects.cell import Cell, changed_cell
from chalicelib.kernel.projects.deployment import Change, Deployment, changed
from chalicelib.use_cases.ports.projects import Deployments, place_of_change
from chalicelib.use_cases.ports.runs import Page
from tests.fakes.audits import FakeAudits
from tests.fakes.feed import FakeFeed
from tests.fakes.projects import FakeProjects

Place = tuple[str, str, str]


@dataclass
class FakeDeployments(Deployments):
    """Deployments and their history in memory."""

    audits: FakeAudits = field(default_factory=FakeAudits)
    projects: FakeProjects = field(default_factory=FakeProjects)
    kept: dict[Place, Deployment] = field(default_factory=dict)
    past: dict[Place, list[Change]] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)
    shown: dict[Place, Cell] = field(default_factory=dict)
    feed: FakeFeed = field(default_factory=FakeFeed)

    def find_deployment(self, project: str, environment: str, name: str) -> Deployment | None:
        return self.kept.get((project, environment, name))

    def in_environment(self, project: str, environment: str) -> Sequence[Deployment]:
        return [kept for place, kept in sorted(self.kept.items()) if place[:2] == (project, environment)]

    def commit(self, before: Deployment, change: Change, entry: AuditEntry | None) -> Deployment:
        place = _place(before)
        if change.id in self.marks if entry is None else self.audits.has(entry):
            return self.kept[place]
        standing = self.kept.get(place)
        if (standing.version if standing is not None else 0) != before.version:
            raise Stale(f"deployment {before.name} has changed")
        if before.version == 0:
            self.projects.demand_open(before.project, before.environment)
        left, past = changed(before, change)
        self.kept[place] = replace(left, version=before.version + 1)
        if (cell := changed_cell(before, left, past)) is not None:
            self.shown[place] = cell
        self.past.setdefault(place, []).append(past)
        self.feed.add(occurrences_of_deployment(before, left, past))
        if entry is None:
            self.marks.add(change.id)
        else:
            self.audits.write(entry)
        return self.kept[place]

    def forget(self, deployment: Deployment) -> None:
        place = _place(deployment)
        if place in self.kept and self.kept[place].version != deployment.version:
            raise Stale(f"deployment {deployment.name} has changed")
        self.kept.pop(place, None)
        self.shown.pop(place, None)
        self.marks -= {change.id for change in self.past.pop(place, ())}

    def cells(self, project: str, environments: Sequence[str]) -> Sequence[Cell]:
        return [cell for place, cell in sorted(self.shown.items()) if place[0] == project and place[1] in environments]

    def as_of(self, deployment: Deployment, at: datetime) -> Change | None:
        past = [change for change in self.past.get(_place(deployment), ()) if change.at <= at]
        return past[-1] if past else None

    def history(self, deployment: Deployment, page: Page) -> Sequence[Change]:
        newest_first = list(reversed(self.past.get(_place(deployment), ())))
        after = page.after
        left = [change for change in newest_first if after is None or place_of_change(change) < after]
        return left[: page.size]


def _place(deployment: Deployment) -> Place:
    return deployment.project, deployment.environment, deployment.name

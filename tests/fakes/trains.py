"""Trains, snapshots, templates and variables in memory: held to the contract by tests/store/trains."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, NotFound, Stale, Worded
from chalicelib.kernel.trains.numbering import folded
from chalicelib.kernel.trains.schedule import next_build
from chalicelib.kernel.trains.snapshot import Snapshot, SnapshotStatus, status_of
from chalicelib.kernel.trains.template import Template
from chalicelib.kernel.trains.train import Train
from chalicelib.kernel.trains.transitions import Changed, titled
from chalicelib.kernel.trains.variables import Scope, VariableSet
from chalicelib.use_cases.ports.runs import Due, Page
from chalicelib.use_cases.ports.trains import SNAPSHOT, Begun, Snapshots, Templates, Trains, Variables, within
from tests.fakes.audits import FakeAudits
from tests.fakes.runs import FakeRuns


@dataclass
class FakeVariables(Variables):
    """Variables in memory."""

    audits: FakeAudits = field(default_factory=FakeAudits)
    kept: dict[Scope, VariableSet] = field(default_factory=dict)

    def variables(self, scope: Scope) -> VariableSet:
        return self.kept.get(scope, VariableSet(scope=scope))

    def of_scopes(self, scopes: Sequence[Scope]) -> Sequence[VariableSet]:
        return [self.variables(scope) for scope in scopes]

    def of_joint_scopes(self) -> Sequence[VariableSet]:
        return [one for scope, one in self.kept.items() if scope.beside]

    def save(self, variables: VariableSet, entry: AuditEntry) -> VariableSet:
        before = self.variables(variables.scope)
        if self.audits.has(entry):
            return before
        if before.version != variables.version:
            raise Stale(f"variables of {variables.scope} have changed")
        self.kept[variables.scope] = replace(variables, version=variables.version + 1)
        self.audits.write(entry)
        return self.kept[variables.scope]

    def forget(self, scopes: Sequence[Scope]) -> None:
        for scope in scopes:
            self.kept.pop(scope, None)

    def keep_new(self, variables: VariableSet | None) -> None:
        """Keep the variables of what is new."""
        if variables is not None:
            self.kept[variables.scope] = replace(variables, version=1)


@dataclass
class FakeTrains(Trains):
    """Trains in memory."""

    audits: FakeAudits = field(default_factory=FakeAudits)
    scopes: FakeVariables = field(default_factory=FakeVariables)
    kept: dict[int, Train] = field(default_factory=dict)
    snapshots: dict[int, Snapshot] = field(default_factory=dict)

    def create(self, train: Train, variables: VariableSet | None, entry: AuditEntry) -> Train:
        known = self.find_numbered(train.project, train.application, train.number)
        if self.audits.has(entry):
            return known or train
        if known is not None:
            raise Conflict(Worded("{} exists already", titled(train)))
        self.kept[train.id] = train
        self.scopes.keep_new(variables)
        self.audits.write(entry)
        return train

    def train(self, number: int) -> Train:
        if number not in self.kept:
            raise NotFound(Worded("no train {}", number))
        return self.kept[number]

    def find_train(self, number: int) -> Train | None:
        return self.kept.get(number)

    def find_numbered(self, project: str, application: str, number: str) -> Train | None:
        found = (one for one in self.kept.values() if (one.project, one.application) == (project, application))
        return next((one for one in found if folded(one.number) == folded(number)), None)

    def of_application(self, project: str, application: str, page: Page) -> Sequence[Train]:
        found = [one for one in self.kept.values() if (one.project, one.application) == (project, application)]
        return self._page(found, page)

    def trains(self, page: Page) -> Sequence[Train]:
        return self._page(self.kept.values(), page)

    def due(self, before: datetime, page: int) -> Iterator[Due]:
        timed = ((next_build(one), one) for one in self.kept.values())
        found = [Due(id=str(one.id), at=at) for at, one in timed if at is not None and at <= before]
        assert page > 0
        return iter(sorted(found, key=lambda one: one.at))

    def save(self, train: Train, entry: AuditEntry) -> Train:
        if self.audits.has(entry):
            return self.train(train.id)
        self.keep(train)
        self.audits.write(entry)
        return self.kept[train.id]

    def forget(self, train: Train) -> None:
        self.kept.pop(train.id, None)
        for number in [one.id for one in self.snapshots.values() if one.train == train.id]:
            del self.snapshots[number]

    def keep(self, train: Train) -> Train:
        """The train, kept in its next version."""
        self.refuse_stale(train)
        self.kept[train.id] = replace(train, version=train.version + 1)
        return self.kept[train.id]

    def refuse_stale(self, train: Train) -> None:
        """Refuse who has read another version."""
        if self.train(train.id).version != train.version:
            raise Stale(Worded("{} has changed", titled(train)))

    def _page(self, trains: Iterable[Train], page: Page) -> Sequence[Train]:
        newest_first = sorted(trains, key=lambda one: one.id, reverse=True)
        return [one for one in newest_first if one.id in within(page)][: page.size]


@dataclass
class FakeSnapshots(Snapshots):
    """Snapshots in memory."""

    trains: FakeTrains = field(default_factory=FakeTrains)
    runs: FakeRuns = field(default_factory=FakeRuns)
    remembered: dict[int, Changed] = field(default_factory=dict)
    remembers: bool = False

    @property
    def kept(self) -> dict[int, Snapshot]:
        """All snapshots, which go with their trains."""
        return self.trains.snapshots

    def create(self, changed: Changed, variables: VariableSet | None, entry: AuditEntry) -> Snapshot:
        snapshot = changed.snapshot
        if self.trains.audits.has(entry):
            return self.kept[int(self.trains.audits.kept[entry.id].details[SNAPSHOT])]
        if self.find_numbered(snapshot.train, snapshot.number) is not None:
            raise Conflict(Worded("{} has a snapshot {} already", titled(changed.train), snapshot.number))
        self._keep(changed, entry)
        self.trains.scopes.keep_new(variables)
        return snapshot

    def save(self, changed: Changed, entry: AuditEntry | None) -> Train:
        if entry is not None and self.trains.audits.has(entry):
            return self.trains.train(changed.train.id)
        return self._keep(changed, entry)

    def begin(self, changed: Changed, begun: Begun, entries: Sequence[AuditEntry] = ()) -> bool:
        if self.runs.find_run(begun.run.id) is not None:
            return False
        self.trains.refuse_stale(changed.train)
        if any(self.trains.audits.has(entry) for entry in entries):
            raise Conflict(f"run {begun.run.id} was asked for before")
        self.runs.plans.pop(begun.plan.id, None)
        self.runs.create(begun.run, begun.plan)
        self._keep(changed, None)
        self.trains.scopes.keep_new(begun.variables)
        for entry in entries:
            self.trains.audits.write(entry)
        return True

    def snapshot(self, train: int, number: int) -> Snapshot:
        found = self.find_snapshot(train, number)
        if found is None:
            raise NotFound(Worded("no snapshot {} in train {}", number, train))
        return found

    def find_snapshot(self, train: int, number: int) -> Snapshot | None:
        found = self.kept.get(number)
        return found if found is not None and found.train == train else None

    def last_saved(self, train: int, number: int) -> Changed | None:
        known = self.remembered.get(train)
        return known if known is not None and known.snapshot.id == number else None

    def find_numbered(self, train: int, number: str) -> Snapshot | None:
        found = (one for one in self.kept.values() if one.train == train)
        return next((one for one in found if folded(one.number) == folded(number)), None)

    def of_train(self, train: int, page: Page) -> Sequence[Snapshot]:
        own = [one for one in self.kept.values() if one.train == train]
        newest_first = sorted(own, key=lambda one: one.id, reverse=True)
        return [one for one in newest_first if one.id in within(page)][: page.size]

    def of_status(self, train: Train, status: SnapshotStatus, page: Page) -> Sequence[Snapshot]:
        every = self.of_train(train.id, replace(page, size=len(self.kept)))
        return [one for one in every if status_of(train, one) is status][: page.size]

    def at_stage(self, train: int, stage: str, page: Page) -> Sequence[Snapshot]:
        every = self.of_train(train, replace(page, size=len(self.kept)))
        places = ((one, one.furthest) for one in every)
        found = [one for one, place in places if place is not None and folded(place.stage) == folded(stage)]
        return found[: page.size]

    def _keep(self, changed: Changed, entry: AuditEntry | None) -> Train:
        train = self.trains.keep(changed.train)
        self.kept[changed.snapshot.id] = changed.snapshot
        if self.remembers:
            self.remembered[train.id] = Changed(train=train, snapshot=changed.snapshot)
        if entry is not None:
            self.trains.audits.write(entry)
        return train


@dataclass
class FakeTemplates(Templates):
    """Templates in memory."""

    audits: FakeAudits = field(default_factory=FakeAudits)
    kept: dict[str, Template] = field(default_factory=dict)

    def save(self, template: Template, entry: AuditEntry) -> Template:
        before = self.find_template(template.name)
        if self.audits.has(entry):
            return before or template
        if (0 if before is None else before.version) != template.version:
            raise Stale(f"template {template.name} has changed")
        saved = replace(template, version=template.version + 1)
        self.kept[folded(template.name)] = saved
        self.audits.write(entry)
        return saved

    def find_template(self, name: str) -> Template | None:
        return self.kept.get(folded(name))

    def templates(self) -> Sequence[Template]:
        return [self.kept[name] for name in sorted(self.kept)]

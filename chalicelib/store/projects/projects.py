"""Store projects, environments and repositories in DynamoDB."""

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import timedelta
from itertools import islice
from typing import TypeVar

from pynamodb.expressions.operand import Path

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.codec import EPOCH
from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.projects.project import Environment, Project, Repository
from chalicelib.store.audit.transaction import transact_audited
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.records import BODY, Recent, item_of, record_of
from chalicelib.store.dynamo.saving import NEW, on_version
from chalicelib.store.dynamo.tables import Put, Reading, Remove, Table, Tables, Write
from chalicelib.store.projects.deleting import DELETING, forget, marked, no_place, open_place
from chalicelib.store.projects.keys import (
    ALL_PROJECTS,
    ENVIRONMENT_PREFIX,
    PROJECTS,
    REPOSITORY_PREFIX,
    environment_key,
    project_key,
    repository_key,
)
from chalicelib.use_cases.ports.projects import Projects
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen
from slipway_formats.override import override

Record = TypeVar("Record", Project, Environment, Repository)


RECENT = timedelta(seconds=5)
"""How old a project may be that is asked for as a recent one."""


def _none_recent() -> Recent[Project]:
    return Recent(lambda: EPOCH, kept=timedelta(0))


def _none_every() -> Recent[tuple[Project, ...]]:
    return Recent(lambda: EPOCH, kept=timedelta(0))


@frozen
class StoredProjects(Projects):
    """Implement the port Projects on the table `projects`. recent, every: what this process has read of late."""

    tables: Tables
    recent: Recent[Project] = field(default_factory=_none_recent)
    every: Recent[tuple[Project, ...]] = field(default_factory=_none_every)

    @override
    def create(self, project: Project, entry: AuditEntry) -> Project:
        self.every.drop(ALL_PROJECTS)
        is_new = self._put_new(_project_item(project), f"project {project.name} exists already", entry)
        return project if is_new else self.project(project.name)

    @override
    def project(self, name: str) -> Project:
        return _known(self.find_project(name), no_place(name))

    @override
    def find_project(self, name: str) -> Project | None:
        return self._found(Project, project_key(name))

    @override
    def recent_project(self, name: str) -> Project | None:
        return self.recent.get(name, lambda: self.find_project(name))

    @override
    def projects(self, page: Page) -> Sequence[Project]:
        keys = Path("first") == ALL_PROJECTS
        if page.after is not None:
            keys = keys & (Path("first_key") > page.after)
        # A query by itself may end before the page is full: at a megabyte, which a few logos are.
        found = self._table.every(keys, Reading(index="by_first", limit=page.size))
        return [record_of(Project, item) for item in islice(found, page.size)]

    @override
    def recent_projects(self) -> Sequence[Project]:
        return self.every.get(ALL_PROJECTS, self._every) or ()

    @override
    def save(self, project: Project, entry: AuditEntry) -> Project:
        saved = replace(project, version=project.version + 1)
        self.recent.drop(project.name)
        is_new = self._put_next(_project_item(saved), f"project {project.name}", entry)
        return saved if is_new else self.project(project.name)

    @override
    def create_environment(self, project: Project, environment: Environment, entry: AuditEntry) -> Environment:
        order = (*project.environments, environment.name)
        grown = _project_item(replace(project, environments=order, version=project.version + 1))
        made = _environment_item(environment)
        writes = (Put(self._table, made, NEW), Put(self._table, grown, on_version(project.version)))
        try:
            is_new = transact_audited(self.tables, writes, entry)
        except ConditionFailed as error:
            if 0 in error.places:
                message = f"environment {environment.name} exists already in project {project.name}"
                raise _taken(message, error) from error
            raise Stale(f"project {project.name} has changed") from error
        return environment if is_new else self.environment(project.name, environment.name)

    @override
    def environment(self, project: str, name: str) -> Environment:
        return _known(self.find_environment(project, name), no_place(project, name))

    @override
    def find_environment(self, project: str, name: str) -> Environment | None:
        return self._found(Environment, environment_key(project, name))

    @override
    def environments(self, project: str) -> Sequence[Environment]:
        found = self._of(project, ENVIRONMENT_PREFIX)
        return [record_of(Environment, item) for item in found if DELETING not in item]

    @override
    def save_environment(self, environment: Environment, entry: AuditEntry) -> Environment:
        saved = replace(environment, version=environment.version + 1)
        is_new = self._put_next(_environment_item(saved), f"environment {environment.name}", entry)
        return saved if is_new else self.environment(environment.project, environment.name)

    @override
    def create_repository(self, repository: Repository, entry: AuditEntry) -> Repository:
        message = f"repository {repository.name} exists already in project {repository.project}"
        place = open_place(self._table, repository.project)
        try:
            is_new = self._put_new(_repository_item(repository), message, entry, place)
        except ConditionFailed as error:
            raise no_place(repository.project) from error
        return repository if is_new else self.repository(repository.project, repository.name)

    @override
    def repository(self, project: str, name: str) -> Repository:
        missing = NotFound(f"no repository {name} in project {project}")
        return _known(self.find_repository(project, name), missing)

    @override
    def find_repository(self, project: str, name: str) -> Repository | None:
        return self._found(Repository, repository_key(project, name))

    @override
    def repositories(self, project: str) -> Sequence[Repository]:
        return [record_of(Repository, item) for item in self._of(project, REPOSITORY_PREFIX)]

    @override
    def save_repository(self, repository: Repository, entry: AuditEntry) -> Repository:
        saved = replace(repository, version=repository.version + 1)
        is_new = self._put_next(_repository_item(saved), f"repository {repository.name}", entry)
        return saved if is_new else self.repository(repository.project, repository.name)

    @override
    def remove_repository(self, repository: Repository, entry: AuditEntry) -> None:
        gone = Remove(self._table, repository_key(repository.project, repository.name))
        transact_audited(self.tables, (gone,), entry)

    @override
    def mark_deleting(self, name: str, entry: AuditEntry) -> None:
        self.every.drop(ALL_PROJECTS)
        known = self._table.get(project_key(name))
        if known is None:
            raise no_place(name)
        if DELETING not in known:
            self._mark((marked(self._table, known),), name, entry)

    @override
    def mark_environment_deleting(self, project: str, name: str, entry: AuditEntry) -> None:
        known = self._table.get(environment_key(project, name))
        if known is None:
            raise no_place(project, name)
        if DELETING not in known:
            self._mark((marked(self._table, known), *self._remove_from_order(project, name)), name, entry)

    @override
    def environment_names(self, project: str) -> Sequence[str]:
        return [str(item["sk"]).removeprefix(ENVIRONMENT_PREFIX) for item in self._of(project, ENVIRONMENT_PREFIX)]

    @override
    def forget_environment(self, project: str, name: str) -> None:
        forget(self._table, environment_key(project, name))

    @override
    def forget(self, name: str) -> None:
        self.every.drop(ALL_PROJECTS)
        forget(self._table, project_key(name))

    def _every(self) -> tuple[Project, ...]:
        found = self._table.every(Path("first") == ALL_PROJECTS, Reading(index="by_first"))
        return tuple(record_of(Project, item) for item in found)

    @property
    def _table(self) -> Table:
        return self.tables.of(PROJECTS)

    def _found(self, kind: type[Record], key: Key) -> Record | None:
        item = self._table.get(key)
        if item is None or DELETING in item:
            return None
        found: Record = record_of(kind, item)
        return found

    def _of(self, project: str, prefix: str) -> Sequence[Item]:
        keys = (Path("pk") == project_key(project).pk) & Path("sk").startswith(prefix)
        return list(self._table.every(keys, Reading(consistent=True)))

    def _mark(self, writes: Sequence[Write], name: str, entry: AuditEntry) -> None:
        try:
            transact_audited(self.tables, writes, entry)
        except ConditionFailed as error:
            raise Stale(f"{name} has changed") from error

    def _remove_from_order(self, project: str, environment: str) -> Sequence[Write]:
        """Return the update that removes an environment from its project's order; none if that is being deleted too."""
        item = self._table.get(project_key(project))
        if item is None or DELETING in item:
            return ()
        known: Project = record_of(Project, item)
        order = tuple(name for name in known.environments if name != environment)
        shrunk = _project_item(replace(known, environments=order, version=known.version + 1))
        return (Put(self._table, shrunk, on_version(known.version)),)

    def _put_new(self, item: Item, message: str, entry: AuditEntry, *more: Write) -> bool:
        try:
            return transact_audited(self.tables, (Put(self._table, item, NEW), *more), entry)
        except ConditionFailed as error:
            if 0 not in error.places:
                raise
            raise _taken(message, error) from error

    def _put_next(self, item: Item, what: str, entry: AuditEntry) -> bool:
        put = Put(self._table, item, on_version(item["version"] - 1))
        try:
            return transact_audited(self.tables, (put,), entry)
        except ConditionFailed as error:
            raise Stale(f"{what} has changed") from error


def _known(found: Record | None, missing: NotFound) -> Record:
    if found is None:
        raise missing
    return found


def _taken(message: str, error: ConditionFailed) -> Conflict:
    there = error.there[0]
    return Conflict(f"{message}, and is leaving: ask again for it to go" if there and DELETING in there else message)


def _project_item(project: Project) -> Item:
    return item_of(
        project_key(project.name),
        Project,
        project,
        f"project {project.name}",
        under=BODY,
        first=ALL_PROJECTS,
        first_key=project.name,
        version=project.version,
    )


def _environment_item(environment: Environment) -> Item:
    key = environment_key(environment.project, environment.name)
    return item_of(
        key, Environment, environment, f"environment {environment.name}", under=BODY, version=environment.version
    )


def _repository_item(repository: Repository) -> Item:
    key = repository_key(repository.project, repository.name)
    return item_of(key, Repository, repository, f"repository {repository.name}", under=BODY, version=repository.version)

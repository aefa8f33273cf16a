"""Projects, environments and repositories in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chalicelib.kernel.audit_entry import AuditEntry
from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.project import Environment, Project, Repository
from chalicelib.use_cases.ports_runs import Page
from tests.fakes.audits import FakeAudits


@dataclass
class FakeProjects:
    """Projects, environments and repositories in memory."""

    audits: FakeAudits = field(default_factory=FakeAudits)
    kept: dict[str, Project] = field(default_factory=dict)
    places: dict[tuple[str, str], Environment] = field(default_factory=dict)
    sources: dict[tuple[str, str], Repository] = field(default_factory=dict)

    def create(self, project: Project, entry: AuditEntry) -> Project:
        if self.audits.has(entry):
            return self.project(project.name)
        if project.name in self.kept:
            raise Conflict(f"project {project.name} exists already")
        return self._kept(project, entry)

    def project(self, name: str) -> Project:
        if name not in self.kept:
            raise NotFound(f"no project {name}")
        return self.kept[name]

    def projects(self, page: Page) -> Sequence[Project]:
        names = sorted(name for name in self.kept if name > (page.after or ""))
        return [self.kept[name] for name in names[: page.size]]

    def save(self, project: Project, entry: AuditEntry) -> Project:
        if self.audits.has(entry):
            return self.project(project.name)
        if self.project(project.name).version != project.version:
            raise Stale(f"project {project.name} has changed")
        return self._kept(replace(project, version=project.version + 1), entry)

    def create_environment(self, project: Project, environment: Environment, entry: AuditEntry) -> Environment:
        key = (environment.project, environment.name)
        if self.audits.has(entry):
            return self.environment(*key)
        if key in self.places:
            raise Conflict(f"environment {environment.name} exists already in project {project.name}")
        self.save(replace(project, environments=(*project.environments, environment.name)), entry)
        self.places[key] = environment
        return environment

    def environment(self, project: str, name: str) -> Environment:
        if (project, name) not in self.places:
            raise NotFound(f"no environment {name} in project {project}")
        return self.places[project, name]

    def environments(self, project: str) -> Sequence[Environment]:
        return [place for key, place in sorted(self.places.items()) if key[0] == project]

    def save_environment(self, environment: Environment, entry: AuditEntry) -> Environment:
        if self.audits.has(entry):
            return self.environment(environment.project, environment.name)
        if self.environment(environment.project, environment.name).version != environment.version:
            raise Stale(f"environment {environment.name} has changed")
        saved = replace(environment, version=environment.version + 1)
        self.places[environment.project, environment.name] = saved
        self.audits.write(entry)
        return saved

    def create_repository(self, repository: Repository, entry: AuditEntry) -> Repository:
        key = (repository.project, repository.name)
        if self.audits.has(entry):
            return self.repository(*key)
        if key in self.sources:
            raise Conflict(f"repository {repository.name} exists already in project {repository.project}")
        self.sources[key] = repository
        self.audits.write(entry)
        return repository

    def repository(self, project: str, name: str) -> Repository:
        if (project, name) not in self.sources:
            raise NotFound(f"no repository {name} in project {project}")
        return self.sources[project, name]

    def repositories(self, project: str) -> Sequence[Repository]:
        return [source for key, source in sorted(self.sources.items()) if key[0] == project]

    def save_repository(self, repository: Repository, entry: AuditEntry) -> Repository:
        if self.audits.has(entry):
            return self.repository(repository.project, repository.name)
        if self.repository(repository.project, repository.name).version != repository.version:
            raise Stale(f"repository {repository.name} has changed")
        saved = replace(repository, version=repository.version + 1)
        self.sources[repository.project, repository.name] = saved
        self.audits.write(entry)
        return saved

    def remove_repository(self, repository: Repository, entry: AuditEntry) -> None:
        if not self.audits.has(entry):
            self.sources.pop((repository.project, repository.name), None)
            self.audits.write(entry)

    def _kept(self, project: Project, entry: AuditEntry) -> Project:
        self.kept[project.name] = project
        self.audits.write(entry)
        return project
